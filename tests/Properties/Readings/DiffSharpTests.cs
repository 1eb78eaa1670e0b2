using Grokking.DiffSharp;
using Grokking.Training;

namespace Grokking.Properties.Readings;

/// <summary>DiffSharp's own autodiff, in float64. Compiled with -p:UseDiffSharp=true only.</summary>
public class DiffSharpTests : ReadingLaws<DiffSharpTensor>
{
    private static readonly EagerReading<DiffSharpTensor> Float64 = DiffSharpReading.Configure(gpu: false, Precision.Double);

    protected override EagerReading<DiffSharpTensor> Reading(Objective objective) => Float64;
}
