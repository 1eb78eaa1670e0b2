using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Engine;

/// <summary>Joins neighbouring axes that every operand walks through without a jump, so that inner loops are long.</summary>
internal static class Collapsed
{
    /// <summary>
    /// The joined axes' lengths (the first one's is per row of the original first axis: <c>RowFactor</c>), and each operand's steps along them.
    /// </summary>
    internal static (int[] Lengths, int[][] Steps, int RowFactor) Of(Shape shape, ImmutableArray<ImmutableArray<int>> strides)
    {
        var lengths = new List<int>();
        var steps = strides.Select(_ => new List<int>()).ToArray();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            // An axis of length 1 (other than the first, whose length may vary) is never walked.
            if (axis > 0 && shape[axis] == 1)
            {
                continue;
            }

            var joins = lengths.Count > 0 && Enumerable.Range(0, steps.Length).All(i => steps[i][^1] == strides[i][axis] * shape[axis]);
            if (joins)
            {
                lengths[^1] *= shape[axis];
            }
            else
            {
                lengths.Add(shape[axis]);
            }

            for (var i = 0; i < steps.Length; i++)
            {
                if (joins)
                {
                    steps[i][^1] = strides[i][axis];
                }
                else
                {
                    steps[i].Add(strides[i][axis]);
                }
            }
        }

        if (lengths.Count == 0)
        {
            lengths.Add(1);
            Array.ForEach(steps, step => step.Add(1));
        }

        var rows = shape.Rank == 0 ? 1 : Math.Max(1, shape[0]);
        return ([.. lengths], [.. steps.Select(step => step.ToArray())], Math.Max(1, lengths[0] / rows));
    }
}
