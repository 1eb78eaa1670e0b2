using System.Collections.Immutable;

namespace Grokking.Measures;

// D number of training samples

/// <summary>The parameter norm that a circuit needed at a number of training samples.</summary>
/// <param name="Samples">D, at least 1.</param>
/// <param name="Norm">The parameter norm, at the same loss or logit for all points of a curve.</param>
public readonly record struct SizePoint(double Samples, double Norm);

/// <summary>
/// The critical data size: where the parameter norm of memorising, which grows with the data, passes that of generalising, which does not
/// (arXiv 2309.02390). Below it decay favours memorising; its authors call it an oversimplification.
/// </summary>
public static class CriticalSize
{
    /// <summary>
    /// The smallest D at which the memorising norm, below before, is no longer below the generalising one; none where it never passes within the sizes of both
    /// curves. Between measured sizes both are straight in ln D.
    /// </summary>
    /// <param name="memorising">The curve of networks that can only memorise, at least one point.</param>
    /// <param name="generalising">The curve of networks that only generalise, at least one point.</param>
    public static double? Of(ImmutableArray<SizePoint> memorising, ImmutableArray<SizePoint> generalising)
    {
        var (first, second) = (Ordered(memorising), Ordered(generalising));
        var (least, most) = (Math.Max(first[0].At, second[0].At), Math.Min(first[^1].At, second[^1].At));
        var places = first.Concat(second).Select(point => point.At).Where(at => at >= least && at <= most).Distinct().Order().ToImmutableArray();
        double Excess(double at) => Norm(first, at) - Norm(second, at);
        for (var i = 1; i < places.Length; i++)
        {
            var (before, after) = (Excess(places[i - 1]), Excess(places[i]));
            if (before < 0 && after >= 0)
            {
                return Math.Exp(places[i - 1] + ((places[i] - places[i - 1]) * before / (before - after)));
            }
        }

        return null;
    }

    private static ImmutableArray<(double At, double Norm)> Ordered(ImmutableArray<SizePoint> curve) => curve.IsEmpty
        ? throw new ArgumentException("A curve has at least one point.", nameof(curve))
        : [.. curve.OrderBy(point => point.Samples).Select(point => (Math.Log(point.Samples), point.Norm))];

    private static double Norm(ImmutableArray<(double At, double Norm)> curve, double at)
    {
        var after = Enumerable.Range(0, curve.Length).First(i => curve[i].At >= at);
        if (after == 0)
        {
            return curve[0].Norm;
        }

        var (from, to) = (curve[after - 1], curve[after]);
        return from.Norm + ((to.Norm - from.Norm) * (at - from.At) / (to.At - from.At));
    }
}
