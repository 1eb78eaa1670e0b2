using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Schedulers;

/// <summary>
/// The shards as a Job of Kubernetes with an index for each (batch/v1, <c>completionMode: Indexed</c>), as JSON, which kubectl takes like YAML. What the exit code means is said in the
/// Job: 75 and a node that goes away start the index again and count as nothing, 2 gives it up at once, all else is tried three times.
/// </summary>
internal static class KubernetesJob
{
    /// <summary>The name of the file.</summary>
    public const string Name = "kubernetes.json";

    /// <summary>The name of the file beside it that a container is built by.</summary>
    public const string Containerfile = "Containerfile";

    /// <summary>The words that start the program in a container of that file.</summary>
    public static ImmutableArray<string> Program { get; } = ["dotnet", "/opt/grokking/grokking.dll"];

    /// <summary>More completions than a Job with retries for each index may have, and far more than a sweep needs.</summary>
    public const int MostShards = 10_000;

    /// <summary>Where the volume is in the container.</summary>
    public const string Data = "/data";

    // More than a step and a checkpoint take.
    private const int GraceSeconds = 120;

    // The user that .NET's own images have for programs; the volume is made his.
    private const int User = 1654;
    private const int Retries = 2;
    private const int NameLength = 50;
    private const string Container = "grokking";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the manifest.</summary>
    /// <param name="task">What is to be started; its folder below the data directory.</param>
    /// <param name="image">The image.</param>
    /// <param name="claim">The claim to the volume that holds the data directory.</param>
    /// <param name="memory">Memory of a shard, as Kubernetes writes it; null to ask for none.</param>
    public static string Write(ShardTask task, string image, string claim, string? memory)
    {
        string processors = task.Processors.ToString(CultureInfo.InvariantCulture);
        JsonObject requests = new() { ["cpu"] = processors };
        JsonObject limits = [];
        if (memory is not null)
            (requests["memory"], limits["memory"]) = (memory, memory);
        if (task.Graphics > 0)
            limits["nvidia.com/gpu"] = task.Graphics.ToString(CultureInfo.InvariantCulture);
        JsonObject resources = new() { ["requests"] = requests };
        if (limits.Count > 0)
            resources["limits"] = limits;
        var job = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject { ["name"] = NameOf(task.Sweep), ["labels"] = Labels() },
            ["spec"] = new JsonObject
            {
                ["completionMode"] = "Indexed",
                ["completions"] = task.Count,
                ["parallelism"] = Math.Min(task.Together ?? task.Count, task.Count),
                ["backoffLimitPerIndex"] = Retries,
                ["podFailurePolicy"] = new JsonObject { ["rules"] = new JsonArray(OnCode("FailIndex", 2), OnCode("Ignore", 75), OnDisruption()) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels() },
                    ["spec"] = new JsonObject
                    {
                        ["restartPolicy"] = "Never",
                        ["terminationGracePeriodSeconds"] = GraceSeconds,
                        ["securityContext"] = new JsonObject { ["runAsNonRoot"] = true, ["runAsUser"] = User, ["fsGroup"] = User },
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = Container,
                            ["image"] = image,
                            ["args"] = new JsonArray([.. Words(task).Select(word => JsonValue.Create(word))]),
                            ["resources"] = resources,
                            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = Data }),
                        }),
                        ["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } }),
                    },
                },
            },
        };
        return $"{job.ToJsonString(Format)}\n";
    }

    /// <summary>A sweep's id as the name of a Job: short enough for the name of a pod to be a host's, with the id's end, which is a hash.</summary>
    internal static string NameOf(string sweep)
    {
        var name = new StringBuilder(sweep.ToLowerInvariant());
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]))
                name[i] = '-';
        }

        int cut = Math.Max(0, name.Length - NameLength);
        int hash = name.ToString().LastIndexOf('-');
        string shortened = cut == 0 ? name.ToString() : hash < cut ? name.ToString(cut, NameLength) : $"{name.ToString(0, hash - cut)}{name.ToString(hash, name.Length - hash)}";
        return shortened.Trim('-');
    }

    private static IEnumerable<string> Words(ShardTask task) =>
    [
        "sweep", "run", $"{Data}/sweeps/{task.Sweep}", "--shards", task.Count.ToString(CultureInfo.InvariantCulture),
        "--threads", task.Processors.ToString(CultureInfo.InvariantCulture), "--data", Data,
    ];

    private static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = Container };

    private static JsonObject OnCode(string action, int code) => new()
    {
        ["action"] = action,
        ["onExitCodes"] = new JsonObject { ["containerName"] = Container, ["operator"] = "In", ["values"] = new JsonArray(code) },
    };

    private static JsonObject OnDisruption() => new()
    {
        ["action"] = "Ignore",
        ["onPodConditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True" }),
    };
}
