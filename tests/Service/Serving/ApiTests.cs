using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grokking.Host.Metrics.Parquet;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Serving;

/// <summary>The service over HTTP, as other programs see it.</summary>
public sealed class ApiTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly GrokkingProcess service;
    private readonly HttpClient client;

    public ApiTests()
    {
        string url = FreeAddress.Next();
        client = new HttpClient { BaseAddress = new Uri(url) };
        service = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        service.WaitFor(() => service.Error.Contains("listening", StringComparison.OrdinalIgnoreCase), "the service");
    }

    public void Dispose()
    {
        client.Dispose();
        service.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_run_is_submitted_followed_extended_and_read()
    {
        HttpResponseMessage created = await Post("/api/runs", """{ "experiment": "gromov/quick", "seed": 3, "set": { "budget.steps": 300, "evaluation.every": 1 }, "priority": 4 }""");
        JsonElement run = await Json(created);
        string id = run.GetProperty("run").GetString()!;
        Assert.Equal((HttpStatusCode.Created, $"/api/runs/{id}", 4), (created.StatusCode, created.Headers.Location!.ToString(), run.GetProperty("priority").GetInt32()));
        HttpResponseMessage again = await Post("/api/runs", """{ "experiment": "gromov/quick", "seed": 3, "set": { "budget.steps": 300, "evaluation.every": 1 } }""");
        Assert.Equal((HttpStatusCode.OK, id), (again.StatusCode, (await Json(again)).GetProperty("run").GetString()));

        (long[] steps, string[] states) = await Follow(id, -1);
        Assert.Equal(Enumerable.Range(0, 301).Select(step => (long)step), steps);
        Assert.Equal("completed", states[^1]);

        JsonElement metrics = await Get($"/api/runs/{id}/metrics?points=10&columns=train_loss,test_accuracy,nothing");
        Assert.Equal((301, true), (metrics.GetProperty("rows").GetInt32(), metrics.GetProperty("decimated").GetBoolean()));
        Assert.Equal(["test_accuracy", "train_loss"], metrics.GetProperty("series").EnumerateObject().Select(series => series.Name));
        Assert.False((await Get($"/api/runs/{id}/metrics?from=10&to=20")).GetProperty("decimated").GetBoolean());
        string copy = folder.File("copy.parquet");
        await File.WriteAllBytesAsync(copy, await client.GetByteArrayAsync(new Uri($"/api/runs/{id}/metrics.parquet", UriKind.Relative)));
        Assert.Equal(301, ParquetTable.Open(copy).RowCount);

        Assert.Equal(HttpStatusCode.OK, (await Post($"/api/runs/{id}/extend", """{ "steps": 50 }""")).StatusCode);
        (long[] more, _) = await Follow(id, 300);
        Assert.Equal(Enumerable.Range(301, 50).Select(step => (long)step), more);
        JsonElement detail = await Get($"/api/runs/{id}");
        Assert.Equal(("completed", 350), (detail.GetProperty("run").GetProperty("status").GetString(), detail.GetProperty("run").GetProperty("steps").GetInt32()));
        Assert.Equal(["extend"], detail.GetProperty("run").GetProperty("wishes").EnumerateArray().Select(wish => wish.GetString()));
        Assert.Equal(300, detail.GetProperty("configuration").GetProperty("budget").GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task Wishes_are_granted_or_refused_with_a_reason()
    {
        string id = (await Json(await Post("/api/runs", """{ "experiment": "gromov/quick", "set": { "budget.steps": 500000 } }"""))).GetProperty("run").GetString()!;
        await Until(id, "running");
        Assert.Equal("pausing", (await Json(await Post($"/api/runs/{id}/pause"))).GetProperty("status").GetString());
        await Until(id, "paused");
        HttpResponseMessage clone = await Post($"/api/runs/{id}/clone", """{ "set": { "seed": 9, "budget.steps": 7 }, "priority": -1 }""");
        Assert.Equal((HttpStatusCode.Created, 9), (clone.StatusCode, (await Json(clone)).GetProperty("seed").GetInt32()));
        await Problem(await Post($"/api/runs/{id}/extend", """{ "steps": 5 }"""), HttpStatusCode.Conflict, "is paused and cannot be extended; it can be resumed or cancelled");
        Assert.Equal(HttpStatusCode.OK, (await Post($"/api/runs/{id}/resume")).StatusCode);
        await Until(id, "running");
        Assert.Equal(HttpStatusCode.OK, (await Post($"/api/runs/{id}/cancel")).StatusCode);
        await Until(id, "cancelled");
        await Problem(await Post($"/api/runs/{id}/resume"), HttpStatusCode.Conflict, "is cancelled and cannot be resumed");
    }

    [Fact]
    public async Task Two_hundred_submissions_at_once_make_one_run()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Post("/api/runs", """{ "experiment": "gromov/quick", "set": { "budget.steps": 5 } }""")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(199, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(1, (await Get("/api/runs")).GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task Whatever_is_wrong_is_a_problem_with_a_sentence()
    {
        await Problem(await Post("/api/runs", """{ "experiment": "gromov/qick" }"""), HttpStatusCode.BadRequest, "did you mean 'gromov/quick'?");
        await Problem(await Post("/api/runs", """{ "experiment": "gromov/quick", "set": { "network.wdth": 3 } }"""), HttpStatusCode.BadRequest, "network has no key 'wdth'; did you mean 'width'?");
        await Problem(await Post("/api/runs", """{ "experiment": { "name": "x" } }"""), HttpStatusCode.BadRequest, "task is missing");
        await Problem(await Post("/api/runs", """{ "experiment": 7 }"""), HttpStatusCode.BadRequest, "must be a preset's name");
        await Problem(await Post("/api/runs", """{ "experiment": "gromov/quick", "priority": 5000 }"""), HttpStatusCode.BadRequest, "from -1000 to 1000");
        await Problem(await Post("/api/runs", """{ "experiment": "gromov/quick", "sed": 4 }"""), HttpStatusCode.BadRequest, "'sed'");
        await Problem(await Post("/api/runs", """{ "exper"""), HttpStatusCode.BadRequest, "The body is not what is expected");
        await Problem(await client.PostAsync(new Uri("/api/runs", UriKind.Relative), new StringContent("x=1")), HttpStatusCode.UnsupportedMediaType, "must be JSON");
        await Problem(await client.GetAsync(new Uri("/api/runs/none", UriKind.Relative)), HttpStatusCode.NotFound, "There is no run 'none'.");
        await Problem(await client.GetAsync(new Uri("/api/runs/..%2F..%2Fetc", UriKind.Relative)), HttpStatusCode.NotFound, "There is no run");
        await Problem(await client.GetAsync(new Uri("/api/nothing", UriKind.Relative)), HttpStatusCode.NotFound, "There is nothing at /api/nothing");
        await Problem(await client.DeleteAsync(new Uri("/api/runs", UriKind.Relative)), HttpStatusCode.MethodNotAllowed, "does not know DELETE");
    }

    [Fact]
    public async Task Experiments_their_schema_and_what_is_wrong_with_one()
    {
        Assert.Contains("gromov/quick", (await Get("/api/experiments")).EnumerateArray().Select(preset => preset.GetProperty("name").GetString()));
        JsonElement preset = await Get("/api/experiments/gromov/quick");
        Assert.Equal(23, preset.GetProperty("task").GetProperty("modulus").GetInt32());
        Assert.Equal("object", (await Get("/api/schema")).GetProperty("type").GetString());
        JsonElement valid = await Json(await Post("/api/validate", preset.GetRawText()));
        Assert.StartsWith("gromov-quick-", valid.GetProperty("run").GetString(), StringComparison.Ordinal);
        JsonElement wrong = await Json(await Post("/api/validate", """{ "name": "x", "tsk": {} }"""));
        Assert.False(wrong.GetProperty("valid").GetBoolean());
        Assert.Contains("task", wrong.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("nearest").GetString()));
    }

    [Fact]
    public async Task The_description_names_every_address()
    {
        JsonElement paths = (await Get("/openapi/v1.json")).GetProperty("paths");
        foreach (string path in new[] { "/api/runs", "/api/runs/{id}", "/api/runs/{id}/metrics", "/api/runs/{id}/stream", "/api/runs/{id}/pause", "/api/runs/{id}/clone", "/api/experiments", "/health/ready" })
            Assert.True(paths.TryGetProperty(path, out _), path);
    }

    private async Task<(long[] Steps, string[] States)> Follow(string id, long after)
    {
        var steps = new List<long>();
        var states = new List<string>();
        using Stream stream = await client.GetStreamAsync(new Uri($"/api/runs/{id}/stream?after={after}", UriKind.Relative));
        using var reader = new StreamReader(stream);
        string kind = "";
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            JsonElement data = JsonDocument.Parse(line[6..]).RootElement;
            if (kind == "rows")
                steps.AddRange(data.EnumerateArray().Select(row => row.GetProperty("step").GetInt64()));
            else
                states.Add(data.GetProperty("run").GetProperty("status").GetString()!);
        }

        return ([.. steps], [.. states]);
    }

    private async Task Until(string id, string status)
    {
        for (int look = 0; look < 600; look++)
        {
            if ((await Get($"/api/runs/{id}")).GetProperty("run").GetProperty("status").GetString() == status)
                return;
            await Task.Delay(100);
        }

        Assert.Fail($"The run did not become {status}.");
    }

    private static async Task Problem(HttpResponseMessage answer, HttpStatusCode status, string sentence)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, text);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(sentence, JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> Get(string path) => await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private Task<HttpResponseMessage> Post(string path, string? body = null) =>
        client.PostAsync(new Uri(path, UriKind.Relative), body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> Json(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();
}
