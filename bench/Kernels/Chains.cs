using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Grokking.Engine;
using Grokking.Engine.Cpu;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Kernels;

/// <summary>A chain of elementwise operations.</summary>
/// <param name="What">What it computes.</param>
/// <param name="Length">Elements.</param>
/// <param name="Primitives">The operations; each takes the result before and, if it takes two, the second input.</param>
public sealed record ElementwiseWork(string What, int Length, ImmutableArray<Primitive> Primitives) : IWork
{
    /// <inheritdoc/>
    public double Operations => Length;

    /// <inheritdoc/>
    public override string ToString() => $"{What}, {Length}";
}

/// <summary>Elementwise chains on one thread: compiled, and interpreted as the reference does it.</summary>
public unsafe class Chains : IDisposable
{
    private static readonly int[] Lengths = [4096, 65536];

    private NativeArray<float> memory = new(0);
    private NativeArray<byte> scratch = new(0);
    private Kernel<float>? compiled;
    private Kernel<float>? interpreted;

    /// <summary>Chains in the first-level and in the second-level cache.</summary>
    public static IEnumerable<ElementwiseWork> Works =>
        from work in new (string What, ImmutableArray<Primitive> Primitives)[]
        {
            ("six of arithmetic", [new Multiply(), new Add(), new Multiply(), new Subtract(), new Multiply(), new Add()]),
            ("square root and quotient", [new Sqrt(), new Divide()]),
            ("exp", [new Exp()]),
            ("log", [new Log()]),
            ("tanh", [new Tanh()]),
            ("erf", [new Erf()]),
        }
        from length in Lengths
        select new ElementwiseWork(work.What, length, work.Primitives);

    /// <summary>The chain that is computed.</summary>
    [ParamsSource(nameof(Works))]
    public ElementwiseWork Work { get; set; } = new("", 1, []);

    /// <summary>Makes both kernels.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var length = Work.Length;
        memory = new(3L * length);
        var random = new Random(0);
        for (var i = 0; i < 2 * length; i++)
        {
            memory.Pointer[i] = 0.5f + random.NextSingle();
        }

        Operand At(int place) => new(Region.Whole, place * length, Shape.Of(length), [1], 0);
        var links = Work.Primitives.Select((primitive, i) => new Link(
            primitive,
            [
                i == 0 ? new Source.Memory(At(0)) : new Source.Earlier(i - 1),
                .. ((Elementwise)primitive).Arity > 1 ? [new Source.Memory(At(1))] : ImmutableArray<Source>.Empty,
            ],
            i == Work.Primitives.Length - 1 ? At(2) : null));
        var chain = new Chain(Shape.Of(length), 0, [.. links]);
        compiled = new ChainCompiler<float>(NoTable).KernelOf(chain);
        interpreted = new ChainKernel<float>(chain, new(chain), NoTable);
        scratch = new(Math.Max(compiled.ScratchBytes, interpreted.ScratchBytes));
    }

    /// <summary>Compiled to vector instructions.</summary>
    [Benchmark(Baseline = true)]
    public void Compiled() => Run(compiled!);

    /// <summary>Interpreted, some hundred elements at a time.</summary>
    [Benchmark]
    public void Interpreted() => Run(interpreted!);

    /// <summary>Frees kernels and memory.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        compiled?.Dispose();
        interpreted?.Dispose();
        memory.Dispose();
        scratch.Dispose();
    }

    private static IndexTable NoTable(Indices indices) => throw new InvalidOperationException($"These chains choose no rows, not even {indices}.");

    private void Run(Kernel<float> kernel) => kernel.Run(new Frame<float> { Whole = memory.Pointer, Scratch = scratch.Pointer, First = 0, Samples = 0 });
}
