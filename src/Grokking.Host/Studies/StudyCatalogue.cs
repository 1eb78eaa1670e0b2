using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Grokking.Host.Studies;

/// <summary>The studies that there are, and how a word names some of them.</summary>
internal static partial class StudyCatalogue
{
    /// <summary>All of them; Fig. 10 after Fig. 9.</summary>
    public static ImmutableArray<Study> All { get; } =
    [
        .. typeof(Study).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Study)) && !type.IsAbstract)
            .Select(type => (Study)Activator.CreateInstance(type)!)
            .OrderBy(study => Number().Replace(study.Name, digits => digits.Value.PadLeft(4, '0')), StringComparer.Ordinal),
    ];

    /// <summary>The studies that a word names.</summary>
    /// <param name="word">A name, a beginning that only one name has (<c>gromov/fig4a</c>), or a family (<c>gromov</c>).</param>
    /// <returns>At least one, or the sentence that says why there is none.</returns>
    public static Result<ImmutableArray<Study>> Find(string word)
    {
        string wanted = word.TrimEnd('/');
        ImmutableArray<Study> family = Those(study => study.Name.StartsWith($"{wanted}/", StringComparison.Ordinal));
        if (!family.IsEmpty)
            return Result.Success(family);
        ImmutableArray<Study> whole = Those(study => study.Name == wanted || study.Name.StartsWith($"{wanted}-", StringComparison.Ordinal));
        ImmutableArray<Study> begun = wanted.Length == 0 ? [] : Those(study => study.Name.StartsWith(wanted, StringComparison.Ordinal));
        ImmutableArray<Study> found = whole.Length == 1 ? whole : begun;
        if (found.Length == 1)
            return Result.Success(found);
        if (found.Length > 1)
            return Result.Failure<ImmutableArray<Study>>($"'{word}' begins {found.Length} figures; it must name one: {Names(found)}.");
        string[] names = [.. All.SelectMany(study => new[] { study.Name, Number().Match(study.Name) is { Success: true } ? Short(study.Name) : study.Name }).Distinct()];
        string nearest = NearestName.To(word, names);
        return Result.Failure<ImmutableArray<Study>>(
            $"There is no figure '{word}'; {(nearest.Length == 0 ? "" : $"did you mean '{nearest}'? ")}Known: {Names(All)}.");
    }

    /// <summary>A study by its whole name; null where there is none.</summary>
    public static Study? Named(string name) => All.FirstOrDefault(study => study.Name == name);

    private static ImmutableArray<Study> Those(Func<Study, bool> which) => [.. All.Where(which)];

    private static string Names(IEnumerable<Study> studies) => string.Join(", ", studies.Select(study => study.Name));

    // gromov/fig4a-fraction is called gromov/fig4a as well.
    private static string Short(string name) => name.Split('-')[0];

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
