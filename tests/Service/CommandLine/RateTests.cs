using System.Text.Json;

namespace Grokking.Service.CommandLine;

/// <summary><c>verify --learning-rate</c>: the same rate in every convention, and what it will do.</summary>
public class RateTests
{
    [Fact]
    public void A_published_rate_is_converted_and_judged()
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(
            folder.Path, "verify", "--learning-rate", "0.01", "--optimiser", "adamW", "--weight-decay", "5", "--from", "folded", "--json");

        JsonElement here = process.Json.GetProperty("conventions").EnumerateArray().Single(row => row.GetProperty("convention").GetString() == "here");
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("good", process.Json.GetProperty("verdict").GetString());
        Assert.Equal(0.4595, here.GetProperty("learning_rate").GetDouble(), 0.0005);
        Assert.Equal(0.1088, here.GetProperty("weight_decay").GetDouble(), 0.0005);
        Assert.Equal(2.18e-10, here.GetProperty("epsilon").GetDouble(), 0.01e-10);
        Assert.False(process.Json.GetProperty("epsilon_hides_gradients").GetBoolean());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_same_numbers_without_conversion_are_warned_of_in_three_ways()
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "verify", "--learning-rate", "1e-4", "--optimiser", "adamW", "--weight-decay", "5");

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("this rate will stall", process.Output, StringComparison.Ordinal);
        Assert.Contains("Epsilon is 1e-08 here (the usual one", process.Output, StringComparison.Ordinal);
        Assert.Contains("they will die", process.Output, StringComparison.Ordinal);
        Assert.Equal(5, process.Output.Split('\n').Count(line => line.StartsWith("convention", StringComparison.Ordinal) || line.StartsWith("here", StringComparison.Ordinal) || line.StartsWith("folded", StringComparison.Ordinal)));
    }
}
