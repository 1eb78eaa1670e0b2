using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using Grokking.Tensors;

namespace Grokking.Engine.Cpu;

/// <summary>A compiled chain: computes lines of elements.</summary>
/// <param name="addresses">Where the addresses of the first elements of all views and constants lie.</param>
/// <param name="steps">Where the distances from line to line of all views lie, in bytes.</param>
/// <param name="lines">Lines, at least 1.</param>
/// <param name="bytes">The length of a line in bytes, at least one element.</param>
internal delegate void ChainLines(long addresses, long steps, long lines, long bytes);

/// <summary>
/// Makes kernels of chains: compiled where that can be, interpreted otherwise. Chains of one structure share their code, in all programs of a process: of sizes a structure knows only the steps of views
/// that are read across their rows, so that the runs of a sweep mostly share theirs.
/// </summary>
/// <param name="width">The vectors to use.</param>
/// <param name="tables">The values of the indices by which views choose rows.</param>
internal sealed class ChainCompiler<T>(VectorWidth width, Func<Indices, IndexTable> tables)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostKnown = 4096;

    private static readonly ConcurrentDictionary<(VectorWidth Width, string Structure), ChainLines> Known = new();
    private readonly ChainOperations operations = new(typeof(T), width);

    /// <summary>For the widest vectors of this machine.</summary>
    internal ChainCompiler(Func<Indices, IndexTable> tables)
        : this(VectorWidth.Supported[0], tables)
    {
    }

    /// <summary>The kernel of a chain.</summary>
    internal Kernel<T> KernelOf(Chain chain)
    {
        var form = new ChainForm(chain);
        return RuntimeFeature.IsDynamicCodeCompiled && form.Links.All(link => operations.Has(link.Primitive))
            ? new CompiledChainKernel<T>(chain, form, tables, CodeOf(form))
            : new ChainKernel<T>(chain, form, tables);
    }

    private ChainLines CodeOf(ChainForm form)
    {
        // A service may meet sizes without end; what is forgotten is compiled again.
        if (Known.Count >= MostKnown)
        {
            Known.Clear();
        }

        return Known.GetOrAdd((width, form.Structure), _ => new ChainLambda(form, operations).Lines().Compile());
    }
}
