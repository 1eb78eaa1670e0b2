using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Measures;

/// <summary>The linear mapping number of a fixed sample of the task's tuples.</summary>
internal sealed class LinearMappingExplainer : IExplainer
{
    /// <summary>n where the number is known in closed form.</summary>
    internal const int ClosedSamples = 128;

    /// <summary>n where the network is asked.</summary>
    internal const int SampledSamples = 24;

    /// <summary>How many samples' worth of the network that is, at most.</summary>
    internal const int SampledPlaces = SampledSamples * (SampledSamples - 1) / 2 * LinearMappingNumber.Places;

    private readonly Batch samples;
    private readonly EmbeddedWays? ways;

    internal LinearMappingExplainer(Setup setup)
    {
        var isClosed = KernelExplainer.IsClosed(setup.Start.Network);
        var chosen = setup.Chosen([.. Enumerable.Range(0, setup.Split.Data.Count)], isClosed ? ClosedSamples : SampledSamples);
        samples = chosen.ToBatch();
        ways = isClosed || chosen.Count < 2 ? null : new(setup.Start.Network, chosen, setup.Threads);
    }

    public ImmutableArray<string> Columns { get; } = ["linear_mapping_number"];

    public ImmutableArray<double> Of(Specimen now) =>
        [samples.Size < 2 ? 1 : LinearMappingNumber.Of(ways?.Connectivity(now.Weights.And(now.Statistics)) ?? LinearMappingNumber.ClosedForm(now, samples))];

    public void Dispose() => ways?.Dispose();
}

/// <summary>Alignment and movement of the tangent kernel on a fixed sample of the test set.</summary>
internal sealed class KernelExplainer : IExplainer
{
    private const int ClosedSamples = 256;
    private const int SampledSamples = 16;

    // Side of the full kernel, as far as whole samples allow.
    private const int FullSide = 1024;

    private readonly ImmutableArray<(KernelForm Form, Batch Samples)> forms;
    private readonly ImmutableArray<Tensors.Dense> before;
    private readonly GradientKernel? gradients;

    // A scaled output has the kernel of the inner network times the square of the scale: alignment and movement are the same.
    internal KernelExplainer(Setup given)
    {
        var setup = given with { Start = Unscaled(given.Start) };
        Samples Some(int count) => setup.Chosen(setup.Split.Test, count);
        if (IsClosed(setup.Start.Network))
        {
            forms =
            [
                (KernelForm.Sum, Some(ClosedSamples).ToBatch()),
                (KernelForm.Full, Some(Math.Max(1, FullSide / setup.Split.Data.Task.Modulus.Value)).ToBatch()),
            ];
        }
        else
        {
            var samples = Some(SampledSamples);
            forms = [(KernelForm.Sum, samples.ToBatch())];
            gradients = new(setup.Start.Network, samples, setup.Threads);
        }

        before = Kernels(setup.Start);
        Columns = [.. forms.SelectMany(each => (IEnumerable<string>)[$"kernel_alignment_{TangentKernel.Id(each.Form)}", $"kernel_movement_{TangentKernel.Id(each.Form)}"])];
    }

    public ImmutableArray<string> Columns { get; }

    public ImmutableArray<double> Of(Specimen now)
    {
        var kernels = Kernels(Unscaled(now));
        return
        [
            .. forms.SelectMany((each, place) => (IEnumerable<double>)
            [
                TangentKernel.AlignmentOf(each.Form, kernels[place], each.Samples),
                Movement.OfKernel(before[place], kernels[place]),
            ]),
        ];
    }

    public void Dispose() => gradients?.Dispose();

    /// <summary>Whether the closed forms hold.</summary>
    internal static bool IsClosed(INetwork network) => network is QuadraticNetwork { Activation: Activation.Monomial, Degree: 2, Normalisation: Normalisation.None };

    /// <summary>Numbers in the gradients of one sample's outputs.</summary>
    internal static double Gradients(INetwork network, ArithmeticTask task) =>
        network.Parameters.Sum(parameter => (double)parameter.Shape.Count) * task.Modulus.Value;

    private static Specimen Unscaled(Specimen specimen) => specimen.Network is OutputScaled scaled
        ? new(scaled.Inner, specimen.Weights) { Statistics = specimen.Statistics }
        : specimen;

    private ImmutableArray<Tensors.Dense> Kernels(Specimen specimen) => gradients is not null
        ? [gradients.Of(specimen.Weights.And(specimen.Statistics))]
        : [.. forms.Select(each => TangentKernel.Of(each.Form, specimen, each.Samples))];
}

/// <summary>How far the weights have moved.</summary>
internal sealed class MovementExplainer(Setup setup) : IExplainer
{
    public ImmutableArray<string> Columns { get; } = ["weight_movement"];

    public ImmutableArray<double> Of(Specimen now) => [Movement.OfWeights(setup.Start.Weights, now.Weights)];

    public void Dispose()
    {
    }
}

/// <summary>Samples that measures look at.</summary>
internal static class Choice
{
    /// <summary>At most so many of the samples, chosen by the run's key and the same for every measure; in ascending order.</summary>
    internal static Samples Chosen(this Setup setup, ImmutableArray<int> among, int count)
    {
        var order = setup.Key.Split(RandomPurpose.Measures).Permutation(among.Length);
        return Samples.Of(setup.Split, [.. order.Take(count).Select(place => among[place]).Order()]);
    }
}
