using System.Text.Json.Nodes;
using Grokking.Host.Schedulers;
using Grokking.Service.CommandLine;
using Grokking.Service.Foreign;

namespace Grokking.Service.Schedulers;

/// <summary>The manifest for Kubernetes, judged by the published schema; no cluster has seen it.</summary>
public class KubernetesTests
{
    [Fact]
    public void It_says_what_each_exit_code_means_and_what_a_shard_needs()
    {
        JsonNode job = JsonNode.Parse(Manifest(ScriptTests.Task with { Together = 3, Graphics = 2 }, "2Gi"))!;
        JsonNode spec = job["spec"]!, pod = spec["template"]!["spec"]!, container = pod["containers"]![0]!;
        Assert.Equal(("batch/v1", "Job", "tiny-0123456789"), ((string)job["apiVersion"]!, (string)job["kind"]!, (string)job["metadata"]!["name"]!));
        Assert.Equal(("Indexed", 8, 3, 2), ((string)spec["completionMode"]!, (int)spec["completions"]!, (int)spec["parallelism"]!, (int)spec["backoffLimitPerIndex"]!));
        Assert.Equal(
            ["FailIndex 2", "Ignore 75", "Ignore DisruptionTarget"],
            spec["podFailurePolicy"]!["rules"]!.AsArray().Select(rule => $"{rule!["action"]} {rule["onExitCodes"]?["values"]![0] ?? rule["onPodConditions"]![0]!["type"]}"));
        Assert.Equal("Never", (string)pod["restartPolicy"]!);
        Assert.Equal(
            ["sweep", "run", "/data/sweeps/tiny-0123456789", "--shards", "8", "--threads", "2", "--data", "/data"],
            container["args"]!.AsArray().Select(word => (string)word!));
        Assert.Equal("""{"requests":{"cpu":"2","memory":"2Gi"},"limits":{"memory":"2Gi","nvidia.com/gpu":"2"}}""", container["resources"]!.ToJsonString());
        Assert.Equal(Manifest(ScriptTests.Task, null), Manifest(ScriptTests.Task, null));
    }

    [NodeFact]
    public async Task The_published_schema_accepts_it_and_knows_each_of_its_keys()
    {
        using var folder = new Folder();
        File.WriteAllText(folder.File("small.json"), Manifest(ScriptTests.Task, null));
        File.WriteAllText(folder.File("large.json"), Manifest(ScriptTests.Task with { Together = 3, Graphics = 2 }, "2Gi"));
        // What the check itself is worth: a slip in a key, a number as a text, something left out.
        File.WriteAllText(folder.File("slip.json"), Manifest(ScriptTests.Task, null).Replace("backoffLimitPerIndex", "backOffLimitPerIndex", StringComparison.Ordinal));
        File.WriteAllText(folder.File("text.json"), Manifest(ScriptTests.Task, null).Replace("\"completions\": 8", "\"completions\": \"8\"", StringComparison.Ordinal));
        File.WriteAllText(folder.File("less.json"), Manifest(ScriptTests.Task, null).Replace("\"mountPath\"", "\"mountpath\"", StringComparison.Ordinal));

        IReadOnlyList<JsonNode> answers = await NodeReaders.AskAsync(folder, new[] { "small", "large", "slip", "text", "less" }.Select(name => NodeReaders.Kubernetes(folder.File($"{name}.json"))));

        Assert.All(answers.Take(2), answer => Assert.Equal((null, ""), ((string?)answer["complaint"], Unknown(answer))));
        Assert.Equal((null, "spec.backOffLimitPerIndex"), ((string?)answers[2]["complaint"], Unknown(answers[2])));
        Assert.Contains("completions must be integer", (string)answers[3]["complaint"]!, StringComparison.Ordinal);
        Assert.Contains("mountPath", (string)answers[4]["complaint"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Submitting_writes_the_manifest_and_the_container_file_and_says_how_to_go_on()
    {
        using var folder = new Folder();
        using GrokkingProcess plan = GrokkingProcess.Run(folder.Path, "sweep", "plan", "gromov/quick", "--seeds", "0-9", "--unmeasured", "--json");
        string sweep = plan.Json.GetProperty("sweep").GetString()!;

        using GrokkingProcess printed = GrokkingProcess.Run(folder.Path, "sweep", "submit", "kubernetes", sweep, "--shards", "4", "--print");
        Assert.True(printed.ExitCode == 0, printed.Error);
        Assert.Equal(4, (int)JsonNode.Parse(printed.Output)!["spec"]!["completions"]!);
        Assert.Equal([folder.File("data", "sweeps", sweep, "plan.json")], Directory.GetFiles(folder.File("data", "sweeps", sweep)));

        using GrokkingProcess submit = GrokkingProcess.Run(folder.Path, "sweep", "submit", "kubernetes", sweep, "--shards", "4", "--image", "registry.example.org/grokking:1", "--claim", "scratch", "--json");
        Assert.True(submit.ExitCode == 0, submit.Error);
        Assert.Contains("kubectl apply -f", submit.Error, StringComparison.Ordinal);
        string manifest = File.ReadAllText(submit.Json.GetProperty("script").GetString()!);
        Assert.Contains("registry.example.org/grokking:1", manifest, StringComparison.Ordinal);
        Assert.Contains("\"claimName\": \"scratch\"", manifest, StringComparison.Ordinal);
        string container = File.ReadAllText(folder.File("data", "sweeps", sweep, "Containerfile"));
        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"{KubernetesJob.Program[1]}\"]", container, StringComparison.Ordinal);
        Assert.Contains($"COPY . {Path.GetDirectoryName(KubernetesJob.Program[1])}", container, StringComparison.Ordinal);
    }

    private static string Manifest(ShardTask task, string? memory) => KubernetesJob.Write(task, "grokking", "grokking", memory);

    private static string Unknown(JsonNode answer) => string.Join(' ', answer["unknown"]!.AsArray().Select(key => (string)key!));
}
