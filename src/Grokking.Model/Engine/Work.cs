using Grokking.Differentiation;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>How much there is to do in a computation: by it the engine judges whether a rewrite saves anything.</summary>
internal static class Work
{
    /// <summary>Multiply-adds of products, elements that a reduction reads, and elements that any other node writes; views are free.</summary>
    internal static long Of(IEnumerable<Expression> nodes) => nodes.Sum(Of);

    /// <summary>The work of one node.</summary>
    internal static long Of(Expression node) => node.Primitive switch
    {
        MatMul product => (long)node.Shape.Count * product.Sizes(node.Inputs[0].Shape, node.Inputs[1].Shape).K,
        Constant or Reshape or BroadcastTo => 0,
        Sum or Max or ArgMax or ScatterAdd => node.Inputs[0].Shape.Count,
        _ => node.Shape.Count,
    };
}
