using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.CommandLine;

/// <summary>Bad input gives one clear sentence that names the place, the value and what is allowed, exit code 2, and no half-written run.</summary>
public class BadInputTests
{
    public static TheoryData<string[], string[]> Inputs => new()
    {
        { ["run", "gromov/quik"], ["gromov/quik", "gromov/quick", "known:"] },
        { ["run", "missing.json"], ["missing.json", "preset's name or a JSON file"] },
        { ["run", "gromov/quick", "--set", "task.modlus=7"], ["task has no key 'modlus'", "did you mean 'modulus'", "operation"] },
        { ["run", "gromov/quick", "--set", "task.modulus=1"], ["task.modulus is 1", "from 2 to"] },
        { ["run", "gromov/quick", "--set", "task.modulus=22", "--set", "task.operation=x / y"], ["x / y", "22", "prime"] },
        { ["run", "gromov/quick", "--set", "split.trainFraction=0"], ["split.trainFraction is 0", "greater than 0 and less than 1"] },
        { ["run", "gromov/quick", "--set", "split.trainFraction=1"], ["split.trainFraction is 1", "greater than 0 and less than 1"] },
        { ["run", "gromov/quick", "--set", "split.trainFraction=NaN"], ["split.trainFraction is \"NaN\"", "greater than 0 and less than 1"] },
        { ["run", "gromov/quick", "--set", "split.trainFraction=0.001"], ["0.001", "529 samples", "none to train on"] },
        { ["run", "gromov/quick", "--set", "network.width=0"], ["network.width is 0", "from 1 to"] },
        { ["run", "gromov/quick", "--set", "network.width=1000000", "--set", "task.modulus=1009"], ["network.width is 1000000", "at most", "weights"] },
        { ["run", "gromov/quick", "--set", "optimiser.learningRate=-0.1"], ["optimiser.learningRate is -0.1", "greater than 0"] },
        { ["run", "gromov/quick", "--set", "optimiser={\"kind\":\"adamW\",\"learningRate\":0.1}"], ["optimiser.epsilon is missing", "at least 0"] },
        { ["run", "gromov/quick", "--set", "optimiser.kind=sgd"], ["optimiser.kind is \"sgd\"", "\"gradientDescent\""] },
        { ["run", "gromov/quick", "--set", "batch=477"], ["batch is 477", "\"full\" or at most the 476 training samples"] },
        { ["run", "gromov/quick", "--set", "measures=[\"nrms\"]"], ["measures has no name 'nrms'", "did you mean 'norms'"] },
        { ["run", "gromov/quick", "--set", "precision=half"], ["precision is \"half\"", "\"single\", \"double\""] },
        { ["run", "gromov/quick", "--set", "task.operation=x + * y"], ["task.operation: ", "column 5", "      ^", "Operands are x and y"] },
        { ["run", "gromov/quick", "--set", "task.operation=x1 + x3"], ["task.operation is 'x1 + x3', which does not use x2", "task.operands"] },
        { ["run", "gromov/quick", "--set", "task.operation=y^2"], ["does not use x;", "task.operands"] },
        { ["verify", "--learning-rate", "1", "--optimiser", "momentun"], ["--optimiser is 'momentun'", "it must be one of adam, adamW,", "Did you mean 'momentum'?"] },
        { ["verify", "--learning-rate", "1", "--from", "foldet"], ["--from is 'foldet'", "Did you mean 'folded'?"] },
        { ["run", "gromov/quick", "--set", "task.operation=x^2", "--set", "measures=[\"phases\"]"], ["a task of 1 operand;"] },
        { ["run", "gromov/quick", "--set", "task.modulus=3000", "--set", "network.width=400"], ["task.modulus is 3000", "at most 1073741824"] },
        { ["run", "gromov/quick", "--set", "task.modulus=499", "--set", "network.width=20000"], ["network.width is 20000 for 249001 samples", "at most 4312 here"] },
        { ["run", "gromov/quick", "--output", ""], ["--output is empty", "it must name a folder"] },
        { ["run", "gromov/quick", "--data", ""], ["--data is empty", "it must name a folder"] },
        { ["figures", "x", "--bogus"], ["There is no option '--bogus' here", "known: --data"] },
        { ["figures", "x", "--json"], ["There is no option '--json' here"] },
        { ["run", "gromov/quick", "--step", "3"], ["There is no option '--step' here", "did you mean '--steps'"] },
        { ["run", "gromov/quick", "--set", "evaluation={}"], ["evaluation has neither 'every' nor 'perDecade'"] },
        { ["run", "gromov/quick", "--set", "nonsense"], ["--set nonsense", "path=value"] },
        { ["run", "gromov/quick", "--steps", "-1"], ["--steps is -1", "from 0 to"] },
        { ["run", "gromov/quick", "--seed", "x"], ["--seed is x", "from 0 to"] },
        { ["run", "gromov/quick", "--threads", "0"], ["--threads is 0", "from 1 to"] },
        { ["run", "gromov/quick", "--output", "/dev/null/run"], ["/dev/null/run cannot be written", "it must be a folder"] },
        { ["run", "gromov/quick", "--output", "/dev/null"], ["/dev/null is a file", "it must be a folder"] },
        { ["run"], ["Required argument", "--help"] },
        { ["rum", "gromov/quick"], ["There is no command 'rum'", "did you mean 'run'", "--help"] },
        { ["resume", "nothing"], ["There is no run 'nothing'", "RUN must be"] },
        { ["status", "nothing"], ["There is no run 'nothing'"] },
        { ["verify", "--modulus", "1"], ["--modulus is 1", "from 2 to"] },
        { ["verify", "--learning-rate", "0"], ["--learning-rate is 0", "greater than 0"] },
        { ["verify", "--learning-rate", "1", "--up-to", "7"], ["--up-to checks facts", "give --modulus"] },
        { ["verify", "--width", "3"], ["--width says more about a rate", "--learning-rate"] },
        { ["verify", "--learning-rate", "1", "--beta", "0.9"], ["--beta belongs to momentum", "gradientDescent"] },
        { ["verify", "--learning-rate", "1", "--optimiser", "momentum", "--beta", "1"], ["--beta is 1", "less than 1"] },
        { ["verify", "--learning-rate", "1", "--from", "there"], ["there", "folded"] },
        { ["bench", "--seconds", "0"], ["--seconds is 0", "from 0.01 to 600"] },
        { ["bench", "--only", "w9"], ["w9", "peak", "w1-evaluation"] },
        { ["bench", "--scaling", "--only", "w1"], ["--scaling and --networks exclude each other, --only and --write-start"] },
        { ["bench", "--only", "peak", "--write-start", "x"], ["--write-start needs a workload"] },
        { ["serve", "--urls", "nowhere"], ["--urls is nowhere", "http://"] },
        { ["validate", "missing.json"], ["missing.json"] },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void It_is_refused_with_a_sentence_and_leaves_nothing_behind(string[] arguments, string[] expected)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, arguments);

        Assert.Equal(2, process.ExitCode);
        Assert.All(expected, words => Assert.Contains(words, process.Error, StringComparison.Ordinal));
        Assert.Single(process.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", process.Error, StringComparison.Ordinal);
        Assert.Empty(process.Output);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Validate_lists_every_error_of_a_file()
    {
        using var folder = new Folder();
        File.WriteAllText(folder.File("bad.json"), """{ "name": "bad", "task": { "operation": "x + y", "modulus": 1 }, "splitt": {}, "network": { "kind": "quadratic", "width": 0 } }""");

        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "validate", "bad.json");

        Assert.Equal(2, process.ExitCode);
        Assert.All(
            ["task.modulus is 1", "has no key 'splitt'; did you mean 'split'", "split is missing", "network.width is 0", "optimiser is missing", "budget is missing", "evaluation is missing"],
            words => Assert.Contains(words, process.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\n  \"name\": \"a\"\n  \"seed\": 1\n}", "line 2", "a comma is missing")]
    [InlineData("{\n  \"seed\": 1\n  \"name\": \"a\"\n}", "line 2", "a comma is missing")]
    [InlineData("{\n  \"name\": \"a\",\n}\n", "line 2", "one too many")]
    [InlineData("{\n  \"name\": \"a\n}", "line 2", "not closed by a quote")]
    [InlineData("{\n  \"name\": { \"a\": 1\n\n", "line 2", "the text ends before")]
    [InlineData("{\n  \"näme\": 1, // why\n}", "line 2", "there are no comments")]
    [InlineData("{\n  'name': 1\n}", "line 2", "double quotes")]
    [InlineData("{ \"task\": {\n  \"modulus\": 5,\n  \"modulus\": 7 } }", "task.modulus is given twice", "may stand once")]
    public void A_slip_in_json_is_shown_where_it_was_made(string text, string place, string reason)
    {
        ConfigurationError error = Assert.Single(ConfigurationText.Read(text).Errors);

        Assert.Contains(place, error.Sentence, StringComparison.Ordinal);
        Assert.Contains(reason, error.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_json_does_not_know_is_shown_with_its_line()
    {
        using var folder = new Folder();
        File.WriteAllText(folder.File("bad.json"), "{\n  \"split\": { \"trainFraction\": NaN }\n}");

        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "run", "bad.json");

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("line 2", process.Error, StringComparison.Ordinal);
        Assert.Contains("trainFraction", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_belongs_to_something_else_is_left_alone()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.File("mine"));
        File.WriteAllText(folder.File("mine", "thesis.txt"), "precious");

        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--output", "mine");

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("is not empty and holds no run", process.Error, StringComparison.Ordinal);
        Assert.Equal([folder.File("mine", "thesis.txt")], Directory.GetFileSystemEntries(folder.File("mine")));
    }

    [Fact]
    public void A_run_whose_checkpoints_are_all_damaged_is_not_resumed()
    {
        using var folder = new Folder();
        using var process = new GrokkingProcess(folder.Path, "run", "gromov/fig1-gd", "--output", "run", "--set", "measures=[]");
        process.WaitFor(() => File.Exists(folder.File("run", "checkpoints", "step-000000000.safetensors")), "the first checkpoint");
        process.Terminate();
        Assert.Equal(75, process.Wait());
        foreach (string path in Directory.GetFiles(folder.File("run", "checkpoints")))
            File.WriteAllBytes(path, [1, 2, 3]);

        using GrokkingProcess resume = GrokkingProcess.Run(folder.Path, "resume", "run");

        Assert.Equal(2, resume.ExitCode);
        Assert.Contains(RunFiles.Newest(new RunDirectory(folder.File("run"))), resume.Error, StringComparison.Ordinal);
        Assert.Contains("damaged", resume.Error, StringComparison.Ordinal);
        Assert.Single(resume.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
    }
}
