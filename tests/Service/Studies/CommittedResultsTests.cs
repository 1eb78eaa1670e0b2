using System.Text;
using Grokking.Host.Studies;

namespace Grokking.Service.Studies;

/// <summary>The figures under docs/results: what is committed is what the committed tables give.</summary>
public class CommittedResultsTests
{
    private const long MostBytes = 20L << 20;
    private static readonly string Root = Path.Combine(Repository(), "docs", "results");

    [Fact]
    public void Every_committed_picture_and_verdict_is_what_its_committed_tables_give_byte_for_byte() =>
        Assert.All(StudyFolder.Below(Root), folder =>
        {
            SavedStudy saved = folder.Open().OrThrow();
            Assert.Equal(Path.Combine([Root, .. saved.Study.Name.Split('/')]), folder.Path);
            Assert.Equal(saved.Picture, File.ReadAllText(folder.Picture, Encoding.UTF8));
            Assert.Equal(VerdictText.Of(saved), File.ReadAllText(folder.Verdicts, Encoding.UTF8));
        });

    [Fact]
    public void Committed_results_are_of_full_sweeps_with_unchanged_settings_and_small_enough_to_commit()
    {
        Assert.All(StudyFolder.Below(Root), folder =>
        {
            Provenance provenance = folder.Open().OrThrow().Provenance;
            Assert.False(provenance.Quick);
            Assert.Empty(provenance.Changes);
        });
        Assert.InRange(Directory.Exists(Root) ? Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) : 0, 0, MostBytes);
    }

    private static string Repository()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Grokking.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return at;
    }
}
