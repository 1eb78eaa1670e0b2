using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;
using Grokking.Engine;

namespace Grokking.Cuda.Program;

/// <summary>The kernels of the quadratic network.</summary>
internal static class QuadraticLaunch
{
    internal static Launch Of(Device device, CudaPrecision precision, ProgramMemory memory, Inputs inputs, QuadraticForward forward)
    {
        var (u, v) = forward.Hidden;
        var (count, classes) = (u.Shape[0], forward.W2.Shape[0]);
        Memory Wanted(Operand? operand) => operand is null ? default : memory.At(operand);
        var block = new QuadraticForwardBlock
        {
            First = memory.At(u),
            Second = memory.At(v),
            FirstIndices = inputs.Table(u.Chosen!),
            SecondIndices = inputs.Table(v.Chosen!),
            Weights = memory.At(forward.W2),
            Labels = inputs.Table(forward.Labels),
            Scaled = Wanted(forward.Logits),
            Squares = Wanted(forward.Squares),
            Residual = Wanted(forward.Residual),
            Count = count,
            Width = u.Shape[1],
            Classes = classes,
            Scale = (float)forward.Scale,
            Factor = (float)forward.GradientScale,
        };
        return Launch.Of(
            device,
            Name("quadratic_forward", precision),
            block,
            Launch.Blocks(count, QuadraticForwardBlock.Edge) * Launch.Blocks(classes, QuadraticForwardBlock.Edge),
            threads: QuadraticForwardBlock.Threads);
    }

    internal static Launch Of(Device device, CudaPrecision precision, ProgramMemory memory, Inputs inputs, QuadraticBackward backward)
    {
        var (u, v) = backward.Hidden;
        var block = new QuadraticBackwardBlock
        {
            Residual = memory.At(backward.Residual),
            Weights = memory.At(backward.W2),
            First = memory.At(u),
            Second = memory.At(v),
            FirstIndices = inputs.Table(u.Chosen!),
            SecondIndices = inputs.Table(v.Chosen!),
            WeightGradient = memory.At(backward.DW2),
            FirstGradient = memory.At(backward.DU),
            SecondGradient = memory.At(backward.DV),
            Count = u.Shape[0],
            Width = u.Shape[1],
            Classes = backward.W2.Shape[0],
            Modulus = u.Chosen!.Bound,
            Factor = (float)backward.Factor,
        };
        return Launch.Of(device, Name("quadratic_backward", precision), block, Launch.Blocks(u.Shape[1], QuadraticBackwardBlock.Neurons));
    }

    private static string Name(string kernel, CudaPrecision precision) => $"{kernel}_{(precision == CudaPrecision.Tf32 ? "tf32" : "single")}";
}
