namespace Grokking.Training;

/// <summary>The arithmetic of training. Sums over samples are taken in float64 in either case.</summary>
public enum Precision
{
    /// <summary>float32.</summary>
    Single,

    /// <summary>float64, for studies of numerical precision.</summary>
    Double,
}
