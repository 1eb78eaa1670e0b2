using FsCheck.Xunit;
using Grokking.Tensors;

namespace Grokking.Properties.Readings;

public class DenseElementTests
{
    [Property]
    public void An_element_stands_where_it_was_built(byte rows, byte columns, byte layers)
    {
        var shape = Shape.Of(1 + (rows % 4), 1 + (columns % 5), 1 + (layers % 3));
        var tensor = Dense.Build(shape, at => (100 * at[0]) + (10 * at[1]) + at[2]);
        Assert.All(
            from i in Enumerable.Range(0, shape[0])
            from j in Enumerable.Range(0, shape[1])
            from k in Enumerable.Range(0, shape[2])
            select (i, j, k),
            at => Assert.Equal((100 * at.i) + (10 * at.j) + at.k, tensor[at.i, at.j, at.k]));
    }

    [Fact]
    public void A_position_outside_of_a_tensor_is_refused()
    {
        var tensor = Dense.Of(Shape.Of(2, 3), 1, 2, 3, 4, 5, 6);
        Assert.Equal(6, tensor[1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[1]);
    }
}
