using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Reports;

/// <summary>
/// One HTML page with every figure, its caption, command, numbers and verdict. It holds all that it shows, runs no script, and opens without a
/// network.
/// </summary>
internal static class Report
{
    private const string Heading = "Figures, numbers and verdicts";

    /// <summary>The page.</summary>
    /// <param name="studies">The studies, in order.</param>
    /// <param name="runs">Curves of single runs, which stand behind the studies.</param>
    public static string Of(IReadOnlyList<SavedStudy> studies, IReadOnlyList<RunCurves> runs)
    {
        var html = new Html();
        html.Raw("<!DOCTYPE html>").Raw("<html lang=\"en\">").Raw("<head>").Raw("<meta charset=\"utf-8\" />")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />")
            .Element("title", Heading).Raw($"<style>\n{ReportStyle.Sheet}</style>").Raw("</head>").Raw("<body>").Raw("<main>")
            .Element("h1", Heading)
            .Element("p", "Every picture and every number below is made from the saved tables alone; bands were fixed before anything was measured.");
        Contents(html, studies, runs);
        foreach (SavedStudy study in studies)
            Section(html, study);
        foreach (RunCurves run in runs)
            Section(html, run);
        return html.Raw("</main>").Raw("</body>").Raw("</html>").ToString();
    }

    private static void Contents(Html html, IReadOnlyList<SavedStudy> studies, IReadOnlyList<RunCurves> runs)
    {
        html.Raw("<nav aria-label=\"Figures\">").Raw("<ul>");
        foreach (SavedStudy study in studies)
            html.Raw($"<li><a href=\"#{study.Study.Id}\">{Html.Escape(study.Study.Title)}</a> <span>{Html.Escape(Tally(study.Verdicts))}</span></li>");
        foreach (RunCurves run in runs)
            html.Raw($"<li><a href=\"#{run.Id}\">{Html.Escape(run.Title)}</a></li>");
        html.Raw("</ul>").Raw("</nav>");
    }

    private static void Section(Html html, SavedStudy saved)
    {
        (Study study, Provenance provenance) = (saved.Study, saved.Provenance);
        Figure figure = study.Draw(saved.Tables);
        html.Raw($"<section id=\"{study.Id}\" aria-labelledby=\"{study.Id}-heading\">").Element($"h2 id=\"{study.Id}-heading\"", study.Title);
        if (provenance.Quick || !provenance.Changes.IsEmpty)
        {
            string changes = provenance.Changes.IsEmpty ? "" : $" Changed settings: {string.Join(", ", provenance.Changes)}; the bands are those of the unchanged ones.";
            html.Element("p class=\"note\"", $"{(provenance.Quick ? "The quick variant: fewer seeds, points or steps than the figure asks for." : "")}{changes}".Trim());
        }

        html.Element("h3", "The paper's claim").Element("p", $"{study.Claim} ({study.Source})");
        html.Raw("<figure>").Raw(figure.Draw(whole: false).TrimEnd());
        if (figure.Caption.Length > 0)
            html.Element("figcaption", figure.Caption);
        html.Raw("</figure>");
        ImmutableArray<Verdict> verdicts = saved.Verdicts;
        html.Element("h3", "Verdict");
        html.Table(
            Tally(verdicts),
            ["criterion", "asked", "measured", "finding"],
            verdicts.Select(verdict => new[] { verdict.Criterion, verdict.Asked, verdict.Measured, verdict.Words }),
            row => row[3] == "holds" ? "holds" : row[3] == "undecided" ? "undecided" : "fails");
        html.Element("h3", "Numbers");
        foreach ((string name, StudyTable table) in saved.Tables.All)
            Numbers(html, name, table);
        html.Element("h3", "Where it comes from").Raw("<dl>");
        Pair(html, "command", provenance.Command, code: true);
        Pair(html, "presets", study.Sweeps.IsEmpty ? "none: computed, not trained" : string.Join(", ", study.Sweeps));
        Pair(html, "sweeps", string.Join(", ", provenance.Sweeps));
        Pair(html, "runs", Numeral.Of(provenance.Runs));
        Pair(html, "trained by commit", string.Join(", ", provenance.Commits));
        Pair(html, "numerics", string.Join(", ", provenance.Profiles));
        html.Raw("</dl>").Raw("</section>");
    }

    private static void Section(Html html, RunCurves run) => html
        .Raw($"<section id=\"{run.Id}\" aria-labelledby=\"{run.Id}-heading\">").Element($"h2 id=\"{run.Id}-heading\"", run.Title)
        .Raw("<figure>").Raw(run.Figure.Draw(whole: false).TrimEnd()).Raw("</figure>")
        .Table("Outcome of the run", ["quantity", "value"], run.Numbers)
        .Raw("</section>");

    // Small tables are read; of large ones it is enough to know where they are.
    private static void Numbers(Html html, string name, StudyTable table)
    {
        const int mostRows = 80;
        if (table.RowCount > mostRows)
        {
            string columns = string.Join(", ", table.Columns.Select(column => column.Column.Name));
            html.Element("p", $"{name}.parquet, {Numeral.Of(table.RowCount)} rows ({table.About}): {columns}.");
            return;
        }

        string[][] cells = [.. table.Columns.Select(column => Words(table, column))];
        html.Table(
            $"{name}.parquet: {table.About}",
            [.. table.Columns.Select(column => column.Column.Name.Replace('_', ' '))],
            Enumerable.Range(0, table.RowCount).Select(row => cells.Select(column => column[row]).ToArray()));
    }

    private static string[] Words(StudyTable table, Metrics.Parquet.TableColumn column) => column.Cells is Metrics.Parquet.ColumnValues<string>
        ? table.Texts(column.Column.Name)
        : [.. table.Numbers(column.Column.Name).Select(value => double.IsNaN(value) ? "–" : Numeral.Of(value))];

    private static void Pair(Html html, string name, string words, bool code = false)
    {
        if (words.Length > 0)
            html.Raw($"<dt>{Html.Escape(name)}</dt><dd>{(code ? $"<code>{Html.Escape(words)}</code>" : Html.Escape(words))}</dd>");
    }

    private static string Tally(IReadOnlyCollection<Verdict> verdicts)
    {
        int Count(Finding finding) => verdicts.Count(verdict => verdict.Finding == finding);
        string undecided = Count(Finding.Undecided) > 0 ? $", {Count(Finding.Undecided)} undecided" : "";
        string reported = Count(Finding.Reported) > 0 ? $", {Count(Finding.Reported)} reported without a band" : "";
        return $"{Count(Finding.Holds)} of {verdicts.Count - Count(Finding.Reported)} criteria hold{undecided}{reported}";
    }
}

/// <summary>The curves of a single run.</summary>
/// <param name="Id">An id for the page.</param>
/// <param name="Title">The heading.</param>
/// <param name="Figure">The picture.</param>
/// <param name="Numbers">Quantity and value.</param>
internal sealed record RunCurves(string Id, string Title, Figure Figure, ImmutableArray<IReadOnlyList<string>> Numbers);
