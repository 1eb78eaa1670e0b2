using Grokking.Host.Commands;
using Grokking.Host.Training;

namespace Grokking.Service.CommandLine;

/// <summary>The live line and the hints around it.</summary>
public class ProgressLineTests
{
    [Fact]
    public void It_is_never_wider_than_the_terminal_and_keeps_the_accuracies_as_long_as_it_can()
    {
        var progress = new RunProgress("run", 123456, 6000000, 12345.6, 0.999, 0.123);

        for (int columns = 0; columns < 120; columns++)
        {
            string line = ProgressLine.Fitting(progress, columns);
            Assert.InRange(line.Length, 0, columns);
            if (columns >= 39)
                Assert.Contains("test", line, StringComparison.Ordinal);
        }

        Assert.Equal(ProgressLine.Text(progress), ProgressLine.Fitting(progress, 119));
    }

    [Theory]
    [InlineData("/lab/bin/grokking", "/lab", "/lab/bin", "grokking")]
    [InlineData("/lab/bin/grokking", "/lab", "/usr/bin", "bin/grokking")]
    [InlineData("/lab/bin/grokking", "/lab/bin", "/usr/bin", "./grokking")]
    [InlineData("/lab/bin/grokking", "/home", "/usr/bin", "/lab/bin/grokking")]
    [InlineData("/usr/bin/dotnet", "/lab", "/usr/bin", "dotnet bin/grokking.dll")]
    public void A_hint_names_the_program_as_it_can_be_started(string process, string current, string searched, string expected) =>
        Assert.Equal(expected, ProgramName.Of(process, "/lab/bin/grokking.dll", [searched], current));
}
