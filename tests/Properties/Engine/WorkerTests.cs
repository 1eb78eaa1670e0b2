using Grokking.Engine.Cpu;

namespace Grokking.Properties.Engine;

public class WorkerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_unit_is_done_exactly_once(int threads)
    {
        using var workers = new Workers(threads);
        for (var round = 0; round < 2000; round++)
        {
            var counting = new Counting(round % 17);
            workers.Run(counting, counting.Times.Length);
            Assert.All(counting.Times, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void A_failing_unit_is_reported_after_the_others_are_done()
    {
        using var workers = new Workers(3);
        var counting = new Counting(9) { Fails = 4 };
        var failure = Assert.Throws<InvalidOperationException>(() => workers.Run(counting, 9));
        Assert.Equal("unit 4", failure.InnerException!.Message);
        Assert.All(counting.Times, times => Assert.Equal(1, times));
        workers.Run(new Counting(5), 5);
    }

    private sealed class Counting(int units) : IUnits
    {
        internal int[] Times { get; } = new int[units];

        internal int Fails { get; init; } = -1;

        public void Do(int unit, int worker)
        {
            Interlocked.Increment(ref Times[unit]);
            if (unit == Fails)
            {
                throw new ArithmeticException($"unit {unit}");
            }
        }
    }
}
