// p modulus, K operands, i index of a sample
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Grokking.Arithmetic;

/// <summary>
/// All samples of a task: every operand tuple where it is defined, in lexicographic order with the last operand fastest, and its value as
/// the label. A task of two operands that is defined everywhere has sample i = p n + m at (n, m).
/// </summary>
public sealed class DataSet
{
    private DataSet(ArithmeticTask task, ImmutableArray<ImmutableArray<int>> operands, ImmutableArray<int> labels)
    {
        Task = task;
        Operands = operands;
        Labels = labels;
    }

    /// <summary>The task.</summary>
    public ArithmeticTask Task { get; }

    /// <summary>K columns: <c>Operands[k][i]</c> is operand k of sample i, a residue.</summary>
    public ImmutableArray<ImmutableArray<int>> Operands { get; }

    /// <summary>The value of the task at each sample, a residue.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>How many samples there are.</summary>
    public int Count => Labels.Length;

    /// <summary>The samples of a task.</summary>
    /// <param name="task">The task.</param>
    /// <returns>At least one sample, or the sentence that says that the task is defined nowhere.</returns>
    public static Result<DataSet> Of(ArithmeticTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskTable table = task.Tabulate();
        int[] tuples = [.. Enumerable.Range(0, table.Values.Length).Where(tuple => table.Values[tuple] != TaskTable.Undefined)];
        if (tuples.Length == 0)
        {
            return Result.Failure<DataSet>($"The task '{task}' has no samples: it is defined nowhere.");
        }
        var operands = ImmutableArray.CreateBuilder<ImmutableArray<int>>(task.OperandCount);
        for (int k = 0; k < task.OperandCount; k++)
        {
            operands.Add(Column(tuples, tuple => table.Operand(tuple, k)));
        }
        return Result.Success(new DataSet(task, operands.MoveToImmutable(), Column(tuples, tuple => table.Values[tuple])));
    }

    /// <summary>What a text such as <c>(3, 5) -> 8</c> says of one sample.</summary>
    /// <param name="index">The sample.</param>
    /// <returns>Its operands and its label.</returns>
    public string Describe(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"({string.Join(", ", Operands.Select(column => column[index]))}) -> {Labels[index]}");

    private static ImmutableArray<int> Column(int[] tuples, Func<int, int> entry) =>
        ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(tuples, tuple => entry(tuple)));
}
