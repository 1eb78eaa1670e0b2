using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grokking.Host.Metrics;
using Grokking.Host.Runs;

namespace Grokking.Service.CommandLine;

/// <summary>The background service as a process: its queue, its health, its end.</summary>
public class ServeTests
{
    private const string Quick = """
        {
          "name": "served", "task": { "operation": "x + y", "modulus": 23 }, "split": { "trainFraction": 0.9 }, "network": { "kind": "quadratic", "width": 100 },
          "optimiser": { "kind": "adamW", "learningRate": 0.166, "weightDecay": 0.3, "betas": [0.9, 0.98], "epsilon": 1e-10 },
          "budget": { "steps": STEPS }, "evaluation": { "every": 1 }
        }
        """;

    [Fact]
    public async Task It_takes_files_and_trains_them_and_tells_the_truth_about_itself()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        Drop(folder, "good.json", Quick.Replace("STEPS", "60", StringComparison.Ordinal));
        Drop(folder, "bad.json", """{ "name": "bad" }""");
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);

        service.WaitFor(() => Runs(folder) is [{ Status: RunStatus.Completed }] && File.Exists(folder.File("data", "queue", "refused", "bad.json")), "the end of the queue");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(url + "/health/live"))).StatusCode);
        HttpResponseMessage ready = await client.GetAsync(new Uri(url + "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"ready\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        JsonElement run = Assert.Single(JsonDocument.Parse(await client.GetStringAsync(new Uri(url + "/api/runs"))).RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal(("completed", 1.0), (run.GetProperty("status").GetString(), run.GetProperty("test_accuracy").GetDouble()));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(url + "/api/runs/none"))).StatusCode);
        Assert.Contains("task is missing", await File.ReadAllTextAsync(folder.File("data", "queue", "refused", "bad.txt")), StringComparison.Ordinal);
        Assert.Contains("is queued", await File.ReadAllTextAsync(folder.File("data", "queue", "accepted", "good.txt")), StringComparison.Ordinal);

        service.Terminate();
        Assert.Equal(0, service.Wait());
        Assert.Empty(service.Output);
        Assert.NotEmpty(Directory.GetFiles(folder.File("data", "logs")));
        client.Dispose();
    }

    [Fact]
    public void An_interrupted_run_ends_the_service_with_75_and_goes_on_with_the_next_one()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        using HttpClient _ = client;
        Submit(folder, "2000");
        using var first = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        first.WaitFor(() => Directory.GetFiles(folder.File("data", "runs"), "step-*.safetensors", SearchOption.AllDirectories).Length > 0, "a checkpoint");

        first.Terminate();

        Assert.Equal(75, first.Wait());
        Assert.Equal(RunStatus.Interrupted, Assert.Single(Runs(folder)).Status);

        using var second = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        second.WaitFor(() => Runs(folder)[0].Status == RunStatus.Completed, "the end of the run");
        second.Terminate();
        Assert.Equal(0, second.Wait());
        RunRecord completed = Assert.Single(Runs(folder));
        Assert.Equal((RunStatus.Completed, 2000, 1), (completed.Status, completed.Step, completed.Resumes));
    }

    [Fact]
    public void It_does_what_is_wished_from_the_command_line_while_it_trains()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        using HttpClient _ = client;
        string run = Submit(folder, "200000");
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        string Ask(params string[] words)
        {
            using GrokkingProcess asked = GrokkingProcess.Run(folder.Path, words);
            Assert.Equal((0, words[0]), (asked.ExitCode, words[0]));
            return asked.Error;
        }

        service.WaitFor(() => Runs(folder)[0].Status == RunStatus.Running, "its training");
        Assert.Contains("is asked to pause", Ask("pause", run), StringComparison.Ordinal);
        service.WaitFor(() => Runs(folder)[0].Status == RunStatus.Paused, "its rest");
        long rested = Runs(folder)[0].Step;
        Assert.Contains("is queued", Ask("submit", run), StringComparison.Ordinal);
        service.WaitFor(() => Runs(folder)[0] is { Status: RunStatus.Running, Resumes: 1 }, "its going on");
        Assert.Contains("is asked to stop for good", Ask("cancel", run), StringComparison.Ordinal);
        service.WaitFor(() => Runs(folder)[0].Status == RunStatus.Cancelled, "its end");
        Assert.True(Runs(folder)[0].Step >= rested);
        service.Terminate();
        Assert.Equal(0, service.Wait());
    }

    [Fact]
    public void A_worker_that_fails_never_looks_like_success()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        using HttpClient _ = client;
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        service.WaitFor(() => Directory.Exists(folder.File("data", "queue", "accepted")) && service.Error.Contains("listening", StringComparison.OrdinalIgnoreCase), "the service");

        Directory.Delete(folder.File("data", "queue"), recursive: true);

        Assert.Equal(1, service.Wait());
        Assert.Contains("The worker failed", service.Error, StringComparison.Ordinal);
    }

    /// <summary>The one that is suspended loses the run to the other, comes back, and doubles no row.</summary>
    [Fact]
    public void Two_services_over_one_data_folder_never_train_one_run_twice()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        (string otherUrl, HttpClient otherClient) = Client();
        using HttpClient _ = client, __ = otherClient;
        Submit(folder, "1000000", "evaluation.every=100");
        using var one = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        using var other = new GrokkingProcess(folder.Path, "serve", "--urls", otherUrl);
        RunDirectory run = new RunCatalogue(folder.File("data")).DirectoryOf(Runs(folder)[0].Run);
        LeaseFile Holder() => LeaseFile.Newest(run) ?? LeaseFile.Mine(0, TimeProvider.System);
        one.WaitFor(() => Runs(folder)[0] is { Status: RunStatus.Running, Step: > 0 } && Holder().Token > 0, "its training");
        (GrokkingProcess first, GrokkingProcess second) = Holder().Process == one.Id ? (one, other) : (other, one);

        first.Suspend();
        second.WaitFor(() => Holder().Process == second.Id && Runs(folder)[0] is { Status: RunStatus.Running, Token: > 1 }, "the takeover");
        first.WakeUp();
        first.WaitFor(() => first.Error.Contains("took over", StringComparison.Ordinal), "its notice");
        long taken = Runs(folder)[0].Step;
        using (GrokkingProcess pause = GrokkingProcess.Run(folder.Path, "pause", Runs(folder)[0].Run))
            Assert.Equal(0, pause.ExitCode);
        second.WaitFor(() => Runs(folder)[0].Status == RunStatus.Paused, "its rest");

        RunRecord record = Runs(folder)[0];
        Assert.Equal((2, 1), (record.Token, record.Resumes));
        Assert.True(record.Step >= taken);
        long[] steps = [.. MetricsHistory.Open(run.Path).Steps];
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.Equal(record.Step / 100, steps.Length - 1);
        foreach (GrokkingProcess service in new[] { one, other })
        {
            service.Terminate();
            service.Wait();
        }
    }

    [Fact]
    public void An_address_in_use_is_a_sentence()
    {
        using var folder = new Folder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        using GrokkingProcess service = GrokkingProcess.Run(folder.Path, "serve", "--urls", url);

        Assert.Equal(2, service.ExitCode);
        Assert.StartsWith($"error: The service cannot listen at {url}", Assert.Single(service.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static (string Url, HttpClient Client) Client() => (FreeAddress.Next(), new HttpClient());

    private static IReadOnlyList<RunRecord> Runs(Folder folder) => [.. new RunCatalogue(folder.File("data")).List().Select(entry => entry.Record)];

    private static void Drop(Folder folder, string name, string text)
    {
        Directory.CreateDirectory(folder.File("data", "queue"));
        File.WriteAllText(folder.File("data", "queue", name), text);
    }

    private static string Submit(Folder folder, string steps, params string[] changes)
    {
        File.WriteAllText(folder.File("served.json"), Quick.Replace("STEPS", steps, StringComparison.Ordinal));
        using GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, ["submit", "served.json", .. changes.SelectMany(change => new[] { "--set", change }), "--json"]);
        Assert.Equal(0, submitted.ExitCode);
        return submitted.Json.GetProperty("run").GetString()!;
    }
}
