using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Service.Foreign;

/// <summary>Asks the readers in tests/Service/node. Starting Node costs more than reading, so questions go in batches.</summary>
internal static class NodeReaders
{
    private static readonly string Project = typeof(NodeReaders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "NodeProject").Value!;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What is missing, or the empty string.</summary>
    public static string Missing { get; } = Look();

    public static JsonNode Table(string path, IReadOnlyDictionary<string, string> types) =>
        new JsonObject { ["kind"] = "table", ["path"] = path, ["types"] = JsonSerializer.SerializeToNode(types) };

    public static JsonNode Checksums(string path) => new JsonObject { ["kind"] = "checksums", ["path"] = path };

    public static JsonNode Safetensors(string path) => new JsonObject { ["kind"] = "safetensors", ["path"] = path };

    public static JsonNode Sql(string sql) => new JsonObject { ["kind"] = "sql", ["sql"] = sql };

    public static JsonNode Kubernetes(string path) => new JsonObject { ["kind"] = "kubernetes", ["path"] = path };

    /// <summary>Asks; an answer that is an error fails the test.</summary>
    public static async Task<IReadOnlyList<JsonNode>> AskAsync(Folder folder, params IEnumerable<JsonNode> questions)
    {
        Assert.True(Missing.Length == 0, Missing);
        string request = folder.File("request.json"), response = folder.File("response.json");
        await File.WriteAllTextAsync(request, new JsonArray([.. questions]).ToJsonString());
        using Process node = Process.Start(new ProcessStartInfo("node", ["readers.mjs", request, response])
        {
            WorkingDirectory = Project,
            RedirectStandardError = true,
        })!;
        Task<string> complaints = node.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(node.ExitCode == 0, $"node ended with {node.ExitCode}: {await complaints}");
        JsonArray answers = JsonNode.Parse(await File.ReadAllTextAsync(response))!.AsArray();
        foreach (JsonNode? answer in answers)
            Assert.True(answer!["error"] is null, answer["error"]?.ToString());
        return [.. answers.Select(a => a!)];
    }

    /// <summary>Asks DuckDB for rows; the last statement's are returned.</summary>
    public static async Task<IReadOnlyList<string?[]>> QueryAsync(Folder folder, params string[] statements)
    {
        IReadOnlyList<JsonNode> answers = await AskAsync(folder, statements.Select(Sql));
        return [.. answers[^1]["rows"]!.AsArray().Select(row => row!.AsArray().Select(c => c?.ToString()).ToArray())];
    }

    private static string Look()
    {
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            node.WaitForExit();
        }
        catch (Win32Exception)
        {
            return "Node is not installed, so readers of other projects cannot be asked.";
        }

        return new[] { "hyparquet", "kubernetes-models" }.All(package => Directory.Exists(Path.Combine(Project, "node_modules", package)))
            ? ""
            : "The packages of tests/Service/node are not installed (npm ci), so readers of other projects cannot be asked.";
    }
}
