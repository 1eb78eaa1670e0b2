using Grokking.Tensors;

namespace Grokking.Properties.Cuda;

/// <summary>How far a tensor is from its definition, by norm.</summary>
internal static class Nearness
{
    /// <summary>‖actual − expected‖ is at most bound · (‖expected‖ + floor · √n); where one is not finite, both are the same.</summary>
    /// <param name="expected">The definition.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="bound">The relative error.</param>
    /// <param name="floor">The size of an element below which it is no more than what is left of larger ones that cancel.</param>
    /// <param name="what">What it is.</param>
    public static void Assert(Dense expected, Dense actual, double bound, double floor, string what)
    {
        Xunit.Assert.Equal(expected.Shape, actual.Shape);
        var (error, size) = (0.0, 0.0);
        for (var i = 0; i < expected.Shape.Count; i++)
        {
            var (a, e) = (actual.Span[i], expected.Span[i]);
            if (double.IsFinite(e) && double.IsFinite(a))
            {
                error += (a - e) * (a - e);
                size += e * e;
            }
            else
            {
                Xunit.Assert.True(a.Equals(e), $"{what}: element {i} is {a}, by definition {e}.");
            }
        }

        (error, size) = (Math.Sqrt(error), Math.Sqrt(size) + (floor * Math.Sqrt(expected.Shape.Count)));
        Xunit.Assert.True(error <= bound * size, $"{what} {expected.Shape} is off by {error:G3}, {error / size:G3} of its size {size:G3}; {bound:G3} is allowed.");
    }
}
