using System.Numerics;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>The table from instructions to this machine's kernels.</summary>
internal sealed class KernelFactory<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyDictionary<string, IndexTable> named;
    private readonly IReadOnlyDictionary<string, KeyPlace> keys;
    private readonly int tileSamples;
    private readonly ChainCompiler<T> chains;

    /// <param name="named">The values of named indices.</param>
    /// <param name="keys">The keys of named draws.</param>
    /// <param name="tileSamples">Samples of a full tile.</param>
    internal KernelFactory(IReadOnlyDictionary<string, IndexTable> named, IReadOnlyDictionary<string, KeyPlace> keys, int tileSamples)
    {
        this.named = named;
        this.keys = keys;
        this.tileSamples = tileSamples;
        chains = new(Table);
    }

    internal Kernel<T> For(Instruction instruction, bool perTile) => instruction switch
    {
        Chain chain => chains.KernelOf(chain),
        Application { Inputs: var inputs, Output: var output } application => application.Primitive switch
        {
            MatMul product => new ProductKernel<T>(product, inputs[0], inputs[1], output, perTile, tileSamples),
            Sum sum => new SumKernel<T>(sum.Over, inputs[0], output, tileSamples),
            Max => new LargestKernel<T>(inputs[0], output, place: false),
            ArgMax => new LargestKernel<T>(inputs[0], output, place: true),
            Gather gather => new GatherKernel<T>(Table(gather.Rows), inputs[0], output),
            ScatterAdd scatter => new ScatterAddKernel<T>(Table(scatter.Rows), inputs[0], output),
            OneHot oneHot => new OneHotKernel<T>(Table(oneHot.Rows), output),
            Numbers numbers => new NumbersKernel<T>(Table(numbers.Rows), output),
            Survivors survivors => new SurvivorsKernel<T>(survivors, Place(survivors.Draws), output),
            Movement movement => new MoveKernel<T>(movement, inputs[0], output),
            var other => throw new NotSupportedException($"The engine has no kernel for {other.Name}."),
        },
        _ => throw new NotSupportedException($"The engine does not know the instruction {instruction.GetType().Name}."),
    };

    private KeyPlace Place(Draws draws) => draws is Draws.Named place ? keys[place.Name] : new() { Key = Survivors.Key(draws) };

    private IndexTable Table(Indices indices) => indices switch
    {
        Indices.Named name => named[name.Name],
        Indices.Known known => new([.. known.Values], known.Bound),
        _ => throw new ArgumentException("Indices are Known or Named.", nameof(indices)),
    };
}
