using System.Net;
using System.Net.Sockets;
using System.Text.Json;
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
    public async Task It_works_off_its_queue_and_tells_the_truth_about_itself()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        Directory.CreateDirectory(folder.File("data", "queue"));
        await File.WriteAllTextAsync(folder.File("data", "queue", "good.json"), Quick.Replace("STEPS", "60", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder.File("data", "queue", "bad.json"), """{ "name": "bad" }""");
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);

        service.WaitFor(() => File.Exists(folder.File("data", "queue", "done", "good.json")) && File.Exists(folder.File("data", "queue", "failed", "bad.json")), "the end of the queue");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(url + "/health/live"))).StatusCode);
        HttpResponseMessage ready = await client.GetAsync(new Uri(url + "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"ready\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        JsonElement run = Assert.Single(JsonDocument.Parse(await client.GetStringAsync(new Uri(url + "/api/runs"))).RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal(("completed", 1.0), (run.GetProperty("status").GetString(), run.GetProperty("test_accuracy").GetDouble()));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(url + "/api/runs/none"))).StatusCode);
        Assert.Contains("task is missing", await File.ReadAllTextAsync(folder.File("data", "queue", "failed", "bad.txt")), StringComparison.Ordinal);
        Assert.Contains("is completed", await File.ReadAllTextAsync(folder.File("data", "queue", "done", "good.txt")), StringComparison.Ordinal);

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
        Directory.CreateDirectory(folder.File("data", "queue"));
        File.WriteAllText(folder.File("data", "queue", "long.json"), Quick.Replace("STEPS", "2000", StringComparison.Ordinal));
        using var first = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        first.WaitFor(() => Directory.Exists(folder.File("data", "runs")) && Directory.GetFiles(folder.File("data", "runs"), "step-*.safetensors", SearchOption.AllDirectories).Length > 0, "a checkpoint");

        first.Terminate();

        Assert.Equal(75, first.Wait());
        RunRecord interrupted = Assert.Single(new RunCatalogue(folder.File("data")).List()).Record;
        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.True(File.Exists(folder.File("data", "queue", "claimed", "long.json")));

        using var second = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        second.WaitFor(() => File.Exists(folder.File("data", "queue", "done", "long.json")), "the end of the run");
        second.Terminate();
        Assert.Equal(0, second.Wait());
        RunRecord completed = Assert.Single(new RunCatalogue(folder.File("data")).List()).Record;
        Assert.Equal((RunStatus.Completed, 2000, 1), (completed.Status, completed.Step, completed.Resumes));
    }

    [Fact]
    public void A_worker_that_fails_never_looks_like_success()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        using HttpClient _ = client;
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        service.WaitFor(() => Directory.Exists(folder.File("data", "queue", "claimed")) && service.Error.Contains("listening", StringComparison.OrdinalIgnoreCase), "the service");

        Directory.Delete(folder.File("data", "queue", "claimed"));

        Assert.Equal(1, service.Wait());
        Assert.Contains("The worker failed", service.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_service_works_off_a_queue()
    {
        using var folder = new Folder();
        (string url, HttpClient client) = Client();
        using HttpClient _ = client;
        using var first = new GrokkingProcess(folder.Path, "serve", "--urls", url);
        first.WaitFor(() => first.Error.Contains("listening", StringComparison.OrdinalIgnoreCase), "the service");

        using GrokkingProcess second = GrokkingProcess.Run(folder.Path, "serve", "--urls", url);

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("Another service", second.Error, StringComparison.Ordinal);
        first.Terminate();
        Assert.Equal(0, first.Wait());
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

    private static (string Url, HttpClient Client) Client()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", new HttpClient());
    }
}
