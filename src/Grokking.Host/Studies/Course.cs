using System.Collections.Immutable;

namespace Grokking.Host.Studies;

/// <summary>The course of one run: what was first, largest or least in it. NaN stands for what never was.</summary>
/// <param name="Metrics">A row for each evaluated step.</param>
/// <param name="SpikePeaks">The steps at which spikes of the training loss were largest.</param>
internal sealed record Course(StudyTable Metrics, ImmutableArray<double> SpikePeaks)
{
    /// <summary>The course of a run.</summary>
    public static Course Of(StudyRun run) => new(
        run.Metrics,
        File.Exists(run.Directory.Spikes) ? [.. StudyTable.Open(run.Directory.Spikes).Numbers("peak_step")] : []);

    /// <summary>The first evaluated step at which a metric is at least so large.</summary>
    public double First(string column, double level)
    {
        double[] values = Metrics.Numbers(column);
        int row = Array.FindIndex(values, value => value >= level);
        return row < 0 ? double.NaN : Metrics.Numbers("step")[row];
    }

    /// <summary>A metric at an evaluated step.</summary>
    public double At(string column, long step) => Metrics.Numbers(column)[Array.IndexOf(Metrics.Numbers("step"), step)];

    /// <summary>The largest value of a metric.</summary>
    public double Largest(string column) => Metrics.Numbers(column).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>The least value of a metric.</summary>
    public double Least(string column) => Metrics.Numbers(column).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    /// <summary>The largest value of a metric before a step; of all where there is no such step.</summary>
    public double PeakBefore(string column, double step)
    {
        double[] steps = Metrics.Numbers("step");
        return Metrics.Numbers(column).Where((value, row) => double.IsFinite(value) && !(steps[row] >= step)).DefaultIfEmpty(double.NaN).Max();
    }

    /// <summary>Spikes whose peak comes after a step; none where there is no such step.</summary>
    public double Spikes(double after) => SpikePeaks.Count(peak => peak > after);
}
