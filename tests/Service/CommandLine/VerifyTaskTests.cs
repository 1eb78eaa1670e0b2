using System.Text.Json;

namespace Grokking.Service.CommandLine;

/// <summary><c>verify --task</c>: forms with their functions, proofs in sentences, refusals.</summary>
public class VerifyTaskTests
{
    [Fact]
    public void A_task_with_the_form_comes_with_its_functions()
    {
        JsonElement line = Verify("(4*x + y^2)^3", "23").Json;
        Assert.Equal(("learnable", "sum"), (line.GetProperty("answer").GetString(), line.GetProperty("operation").GetString()));
        int[] g1 = Values("g1"), g2 = Values("g2"), h = Values("h");
        for (int x = 0; x < 23; x++)
        {
            for (int y = 0; y < 23; y++)
            {
                int inner = (4 * x) + (y * y);
                Assert.Equal(inner * inner % 23 * inner % 23, h[(g1[x] + g2[y]) % 23]);
            }
        }

        int[] Values(string name) => [.. line.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
    }

    [Fact]
    public void A_task_without_it_comes_with_a_proof()
    {
        using var folder = new Folder();
        using GrokkingProcess verify = GrokkingProcess.Run(folder.Path, "verify", "--task", "x^2 + x*y + y^2", "--modulus", "97");
        Assert.Equal(0, verify.ExitCode);
        Assert.Contains("not learnable", verify.Output, StringComparison.Ordinal);
        Assert.Contains("h would need 194 places, and there are 97.", verify.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x + * y", "7", "but found '*'")]
    [InlineData("x / y", "10", "needs a prime modulus")]
    [InlineData("gdc(x, y)", "7", "There is no function 'gdc'.")]
    public void A_formula_that_is_no_task_is_refused_in_a_sentence(string formula, string modulus, string reason)
    {
        using GrokkingProcess verify = Verify(formula, modulus);
        Assert.Equal(2, verify.ExitCode);
        Assert.Contains(reason, verify.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_and_a_rate_are_asked_one_at_a_time()
    {
        using var folder = new Folder();
        using GrokkingProcess verify = GrokkingProcess.Run(folder.Path, "verify", "--task", "x + y", "--learning-rate", "1");
        Assert.Equal(2, verify.ExitCode);
        Assert.Contains("ask one at a time", verify.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_moduli_have_a_line_each()
    {
        using var folder = new Folder();
        using GrokkingProcess verify = GrokkingProcess.Run(folder.Path, "verify", "--task", "x / y", "--up-to", "5", "--json");
        string[] answers = [.. verify.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()!)];
        Assert.Equal(["learnable", "learnable", "no task", "learnable"], answers);
    }

    private static GrokkingProcess Verify(string formula, string modulus)
    {
        using var folder = new Folder();
        return GrokkingProcess.Run(folder.Path, "verify", "--task", formula, "--modulus", modulus, "--json");
    }
}
