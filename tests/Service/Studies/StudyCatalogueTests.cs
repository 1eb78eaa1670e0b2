using System.Text.RegularExpressions;
using Grokking.Host.Studies;
using Grokking.Host.Sweeps;
using Grokking.Networks;

namespace Grokking.Service.Studies;

/// <summary>The studies as such: names, words, sweeps, and what they cost.</summary>
public class StudyCatalogueTests
{
    // On two cores of the machine of bench/results a step of p = 97, N = 500, α = 0.49 takes about 9 ms of one of them, and the transformer's at p = 41 with a batch of 64 about 5 ms.
    private const double QuadraticPerSecond = 2 * (3 * 0.49 * 97 * 97 * 97 * 500 / 9e-3);
    private static readonly double TransformerPerSecond = 2 * (3 * 64 * new Transformer(41, 2, 2, 128).MultiplyAdds / 5e-3);

    public static TheoryData<string, double, double> QuickFamilies => new() { { "explanations", 15, QuadraticPerSecond }, { "gromov", 40, QuadraticPerSecond }, { "pku", 90, TransformerPerSecond } };

    public static TheoryData<string> Names => [.. StudyCatalogue.All.Select(study => study.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_study_says_what_is_claimed_and_its_sweeps_have_quick_variants(string name)
    {
        Study study = StudyCatalogue.Named(name)!;

        Assert.Matches("^(explanations|gromov|pku)/[a-z0-9-]+$", study.Name);
        Assert.True(!study.Name.StartsWith("gromov/fig", StringComparison.Ordinal) || Regex.IsMatch(study.Title, "^Fig. [0-9]+[a-z]?: "), study.Title);
        Assert.InRange(study.Claim.Length, 40, 800);
        Assert.All(study.Sweeps, sweep => Assert.True(SweepReader.Find(sweep).Bind(found => found.Quickened()).Bind(SweepPlanner.Plan).Succeeded, sweep));
    }

    [Theory]
    [MemberData(nameof(QuickFamilies))]
    public void All_quick_figures_of_a_family_together_take_no_longer_than_promised(string family, double minutes, double operationsPerSecond)
    {
        var costs = new RunCosts();
        double operations = StudyCatalogue.Find(family).OrThrow().SelectMany(study => study.Sweeps).Distinct()
            .SelectMany(sweep => SweepReader.Find(sweep).Bind(found => found.Quickened()).Bind(SweepPlanner.Plan).OrThrow().Runs)
            .DistinctBy(run => run.Run.Run)
            .Sum(run => costs.Of(run.Point).Whole);

        Assert.InRange(operations / operationsPerSecond / 60, 0, minutes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_study_is_found_by_its_name_and_by_its_figure(string name)
    {
        Assert.Equal([name], StudyCatalogue.Find(name).OrThrow().Select(study => study.Name));
        Assert.Equal([name], StudyCatalogue.Find(name.Split('-')[0]).OrThrow().Select(study => study.Name));
    }

    [Fact]
    public void Families_name_all_figures() =>
        Assert.Equal(StudyCatalogue.All.AsEnumerable(), new[] { "explanations", "gromov", "pku" }.SelectMany(family => StudyCatalogue.Find(family).OrThrow()));

    [Theory]
    [InlineData("gromov/fig", "it must name one")]
    [InlineData("gromov/fig1-dinamics", "did you mean 'gromov/fig1-dynamics'?")]
    [InlineData("gromow", ", gromov/fig1-dynamics")]
    [InlineData("", "Known: ")]
    public void A_word_that_names_no_figure_is_refused_with_the_nearest_name(string word, string expected) =>
        Assert.Contains(expected, StudyCatalogue.Find(word).Match(_ => "", reason => reason), StringComparison.Ordinal);
}
