using System.Runtime.InteropServices;

namespace Grokking.Cuda.Kernels;

// The structures of abi.h, member for member; what they mean is said there.

/// <summary>The list of places that a launch works for, one for each z of its grid.</summary>
internal readonly record struct Places(ulong List);

/// <summary>A memory of every place.</summary>
/// <param name="Address">Place 0's first element.</param>
/// <param name="Stride">Elements from a place to the next; 0 where all share one.</param>
internal readonly record struct Memory(ulong Address, long Stride);

/// <summary>Lengths or steps along axes.</summary>
[System.Runtime.CompilerServices.InlineArray(Most)]
internal struct AxisNumbers
{
    /// <summary>Axes of a view.</summary>
    internal const int Most = 6;

    private int first;

    /// <summary>These numbers, and another one for the axes that are not there.</summary>
    internal static AxisNumbers Of(ReadOnlySpan<int> numbers, int otherwise)
    {
        if (numbers.Length > Most)
        {
            throw new NotSupportedException($"The CUDA kernels walk along at most {Most} axes, not {numbers.Length}.");
        }

        var all = default(AxisNumbers);
        for (var axis = 0; axis < Most; axis++)
        {
            all[axis] = axis < numbers.Length ? numbers[axis] : otherwise;
        }

        return all;
    }
}

/// <summary>A value as a walk sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct View
{
    internal Memory Memory;
    internal Memory Chosen;
    internal AxisNumbers Steps;
    internal int Row;
    internal int Unused;
}

/// <summary>What a chain's link does, and numbers of its parts.</summary>
internal enum Operation
{
    Copy = 0,
    Negate = 1,
    Exp = 2,
    Log = 3,
    Sqrt = 4,
    Tanh = 5,
    Erf = 6,
    Add = 16,
    Subtract = 17,
    Multiply = 18,
    Divide = 19,
    Maximum = 20,
    Greater = 21,
    EqualTo = 22,
}

/// <summary>An operation of a chain.</summary>
/// <param name="Operation">What is done, and above 8 bits the slot that keeps the result.</param>
/// <param name="A">The first argument.</param>
/// <param name="B">The second argument.</param>
/// <param name="Store">The view that the result is written to, or −1.</param>
internal readonly record struct ChainLink(int Operation, int A, int B, int Store);

[StructLayout(LayoutKind.Sequential)]
internal struct ChainBlock
{
    internal const int Slots = 64;
    internal const int Threads = 256;
    internal const int Lanes = 4;

    internal const int OfSlot = 0 << 24;
    internal const int OfView = 1 << 24;
    internal const int OfNumber = 2 << 24;

    internal ulong Links;
    internal ulong Views;
    internal ulong Numbers;
    internal AxisNumbers Shape;
    internal int Axes;
    internal int LinkCount;
    internal int Count;
    internal int Unused;
}

/// <summary>Where a sum goes.</summary>
internal enum SumTarget
{
    SetSingle = 0,
    AddSingle = 1,
    SetDouble = 2,
    AddDouble = 3,
}

[StructLayout(LayoutKind.Sequential)]
internal struct SumBlock
{
    internal Memory Input;
    internal Memory Output;
    internal AxisNumbers Kept;
    internal AxisNumbers KeptSteps;
    internal AxisNumbers Summed;
    internal AxisNumbers SummedSteps;
    internal int Outputs;
    internal int Terms;
    internal int Lanes;
    internal int Across;
    internal SumTarget Target;
    internal int Unused;
}

[StructLayout(LayoutKind.Sequential)]
internal struct RoundBlock
{
    internal Memory Sums;
    internal Memory Target;
    internal int Count;
    internal int Unused;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LargestBlock
{
    internal const int RowsOfBlock = 8;

    internal Memory Input;
    internal Memory Output;
    internal int Rows;
    internal int Width;
    internal int Place;
    internal int Unused;
}

[StructLayout(LayoutKind.Sequential)]
internal struct MatMulBlock
{
    /// <summary>Rows and columns of a block's part of C.</summary>
    internal const int Edge = 64;

    internal const int Threads = 128;

    internal Memory Left;
    internal Memory Right;
    internal Memory Output;
    internal long LeftBatch;
    internal long RightBatch;
    internal long OutputBatch;
    internal int M;
    internal int K;
    internal int N;
    internal int Batches;
    internal int LeftRow;
    internal int LeftInner;
    internal int RightInner;
    internal int RightColumn;
    internal int OutputRow;
    internal int Add;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ScatterBlock
{
    internal Memory Rows;
    internal Memory Indices;
    internal Memory Table;
    internal int Count;
    internal int Width;
    internal int Add;
    internal int Unused;
}

[StructLayout(LayoutKind.Sequential)]
internal struct IndexBlock
{
    internal Memory Indices;
    internal Memory Output;
    internal int Count;
    internal int Bound;
}

[StructLayout(LayoutKind.Sequential)]
internal struct SurvivorsBlock
{
    /// <summary>Elements of a block: each thread has four.</summary>
    internal const int Elements = 1024;

    internal Memory Key;
    internal Memory Output;
    internal ulong Threshold;
    internal int Count;
    internal float Factor;
}

[StructLayout(LayoutKind.Sequential)]
internal struct RecordBlock
{
    internal Memory Ring;
    internal Memory Counter;
    internal ulong Sources;
    internal int SourceCount;
    internal int Rows;
}

[StructLayout(LayoutKind.Sequential)]
internal struct QuadraticForwardBlock
{
    /// <summary>Samples and classes of a block's part.</summary>
    internal const int Edge = 64;

    internal const int Threads = 128;

    internal Memory First;
    internal Memory Second;
    internal Memory FirstIndices;
    internal Memory SecondIndices;
    internal Memory Weights;
    internal Memory Labels;
    internal Memory Scaled;
    internal Memory Squares;
    internal Memory Residual;
    internal int Count;
    internal int Width;
    internal int Classes;
    internal float Scale;
    internal float Factor;
    internal int Unused;
}

[StructLayout(LayoutKind.Sequential)]
internal struct QuadraticBackwardBlock
{
    /// <summary>The most classes, and rows of a table.</summary>
    internal const int Most = 128;

    /// <summary>Hidden neurons of a block.</summary>
    internal const int Neurons = 32;

    internal Memory Residual;
    internal Memory Weights;
    internal Memory First;
    internal Memory Second;
    internal Memory FirstIndices;
    internal Memory SecondIndices;
    internal Memory WeightGradient;
    internal Memory FirstGradient;
    internal Memory SecondGradient;
    internal int Count;
    internal int Width;
    internal int Classes;
    internal int Modulus;
    internal float Factor;
    internal int Unused;
}
