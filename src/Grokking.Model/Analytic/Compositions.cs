using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

/// <summary>Solutions of one task made from solutions of another, by moving rows and columns of the weights.</summary>
public static class Compositions
{
    /// <summary>
    /// From a solution of g(x, y) to one of g(f1(x), f2(y)): column x of the first operand's half of W1 becomes the old column f1(x), and
    /// likewise for the second (arXiv 2301.02679, Eqs. 17, 18). The read-out stays.
    /// </summary>
    /// <param name="first">f1 as a table: its value at 0 … p − 1, each below p.</param>
    /// <param name="second">f2 as a table.</param>
    /// <param name="solution">The solution of g. Pairs that f1 and f2 send outside its domain are left out.</param>
    /// <exception cref="ArgumentException">A table is not of p values below p.</exception>
    public static AnalyticSolution OfFunctions(ImmutableArray<int> first, ImmutableArray<int> second, AnalyticSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var p = solution.Network.Modulus;
        RequireTable(first, p, nameof(first));
        RequireTable(second, p, nameof(second));
        var columns = Tensor.Transpose(solution.Weights["w1"]);
        var u = Tensor.Gather(columns, Indices.Of(first, 2 * p));
        var v = Tensor.Gather(columns, Indices.Of([.. second.Select(y => p + y)], 2 * p));
        var w1 = Tensor.Transpose(Tensor.Pad(u, 0, 0, 2 * p) + Tensor.Pad(v, 0, p, 2 * p));
        var answer = Pairs.Answer(solution.Samples, p);
        var output = solution.Prediction.Output;
        return solution.With(
            "of_functions",
            solution.Source + "; f1(x), f2(y): Eqs. 17, 18",
            w1,
            solution.Weights["w2"],
            Pairs.Of(p, (x, y) => answer(first[x], second[y])),
            (x, y, q) => output(first[x], second[y], q));
    }

    /// <summary>
    /// From a solution of g(x, y) to one of F(g(x, y)), for any F: row r of the new read-out is the sum of the old rows s with F(s) = r.
    /// Exactly one-hot outputs stay so.
    /// </summary>
    /// <remarks>Deviation from arXiv 2301.02679, Eq. 19, which takes one preimage only; see <see cref="WithOneBranch"/>.</remarks>
    /// <param name="map">F as a table: its value at 0 … p − 1, each below p.</param>
    /// <param name="solution">The solution of g.</param>
    /// <exception cref="ArgumentException">The table is not of p values below p.</exception>
    public static AnalyticSolution WithForwardMap(ImmutableArray<int> map, AnalyticSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var p = solution.Network.Modulus;
        RequireTable(map, p, nameof(map));
        var preimages = map.Select((image, s) => (image, s)).ToLookup(pair => pair.image, pair => pair.s);
        ImmutableArray<ImmutableArray<int>> rows = [.. Enumerable.Range(0, p).Select(r => preimages[r].ToImmutableArray())];
        return solution.WithReadOut(
            "forward_map", "; F by forward map (own derivation)", map, Tensor.ScatterAdd(solution.Weights["w2"], Indices.Of(map, p)), rows);
    }

    /// <summary>
    /// The read-out of arXiv 2301.02679, Eq. 19, for F(g(x, y)): row r is the old row at <em>one</em> preimage of r, and zero where there
    /// is none. It is right only where that preimage is the one that occurs; what share that is, <see cref="OneBranchAccuracy"/> tells.
    /// </summary>
    /// <remarks>The source does not say which preimage; this takes the lowest.</remarks>
    /// <param name="map">F as a table: its value at 0 … p − 1, each below p.</param>
    /// <param name="solution">The solution of g.</param>
    /// <exception cref="ArgumentException">The table is not of p values below p.</exception>
    public static AnalyticSolution WithOneBranch(ImmutableArray<int> map, AnalyticSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var p = solution.Network.Modulus;
        RequireTable(map, p, nameof(map));
        ImmutableArray<ImmutableArray<int>> rows =
            [.. Enumerable.Range(0, p).Select(r => map.IndexOf(r) is var s and >= 0 ? ImmutableArray.Create(s) : [])];
        var chosen = Dense.Build(Shape.Of(p, p), at => rows[at[0]].Contains(at[1]) ? 1 : 0);
        return solution.WithReadOut("one_branch", "; F by one branch: Eq. 19", map, Tensor.MatMul(chosen, solution.Weights["w2"]), rows);
    }

    /// <summary>
    /// The share of samples that <see cref="WithOneBranch"/> gets right: those whose g(x, y) is the chosen preimage of its own image. With
    /// every sum equally frequent, that is |F(0 … p − 1)|/p; for squares (p + 1)/(2p) at odd primes, and less at most composites.
    /// </summary>
    /// <remarks>
    /// Exact when wrong places of the given solution are below zero (<see cref="BalancedPhases.AllFrequenciesButZero"/>): a sample whose
    /// preimage was not chosen then loses to a row of zeros. Where they are zero or random, chance adds about 1/p of the rest.
    /// </remarks>
    /// <param name="map">F as a table: its value at 0 … p − 1, each below p.</param>
    /// <param name="solution">The solution of g, before the map.</param>
    /// <exception cref="ArgumentException">The table is not of p values below p.</exception>
    public static double OneBranchAccuracy(ImmutableArray<int> map, AnalyticSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        RequireTable(map, solution.Network.Modulus, nameof(map));
        return solution.Labels.Average(s => map.IndexOf(map[s]) == s ? 1.0 : 0);
    }

    private static AnalyticSolution WithReadOut(
        this AnalyticSolution solution, string name, string source, ImmutableArray<int> map, Dense w2, ImmutableArray<ImmutableArray<int>> rows)
    {
        var answer = Pairs.Answer(solution.Samples, solution.Network.Modulus);
        var output = solution.Prediction.Output;
        return solution.With(
            name,
            solution.Source + source,
            solution.Weights["w1"],
            w2,
            Pairs.Of(solution.Network.Modulus, (x, y) => answer(x, y) is var s and >= 0 ? map[s] : -1),
            (x, y, r) =>
            {
                var sum = 0.0;
                foreach (var s in rows[r])
                {
                    sum += output(x, y, s);
                }

                return sum;
            });
    }

    private static AnalyticSolution With(
        this AnalyticSolution solution, string name, string source, Dense w1, Dense w2, Batch samples, Func<int, int, int, double> output) => solution with
        {
            Name = $"{solution.Name}_{name}",
            Source = source,
            Weights = solution.Weights.With<Dense>([w1, w2]),
            Samples = samples,
            Prediction = solution.Prediction switch
            {
                Prediction.Exact => Prediction.Exact.Of(output, samples, solution.Network.Modulus),
                _ => new Prediction.Mean(output),
            },
        };

    private static void RequireTable(ImmutableArray<int> table, int modulus, string name)
    {
        if (table.Length != modulus || table.Any(value => value < 0 || value >= modulus))
        {
            throw new ArgumentException($"A function modulo {modulus} is a table of {modulus} values in 0 … {modulus - 1}.", name);
        }
    }
}
