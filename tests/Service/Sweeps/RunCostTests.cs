using Grokking.Host.Configuration;
using Grokking.Host.Sweeps;

namespace Grokking.Service.Sweeps;

/// <summary>What is left of a run: steps, and the evaluations that the schedule still asks for.</summary>
public class RunCostTests
{
    [Fact]
    public void Evaluations_of_the_beginning_count_as_they_come()
    {
        // Ten to a decade: 30 up to step 1,000, of which 20 are behind step 100.
        RunCost cost = new(1000, PerStep: 2, PerEvaluation: 7, new EvaluationSchedule(null, 10));
        Assert.Equal((1000 * 2) + (30 * 7), cost.Whole, 1e-9);
        Assert.Equal((900 * 2) + (10 * 7), cost.After(100), 1e-9);
    }

    [Fact]
    public void Both_rules_of_the_schedule_count() =>
        Assert.Equal((900 * 2) + ((18 + 10) * 7), new RunCost(1000, 2, 7, new EvaluationSchedule(50, 10)).After(100), 1e-9);

    [Theory]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Nothing_is_left_at_the_end(long step) => Assert.Equal(0, new RunCost(1000, 2, 7, new EvaluationSchedule(50, 10)).After(step));
}
