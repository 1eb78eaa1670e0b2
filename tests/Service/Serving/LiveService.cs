using System.Net;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Grokking.Host.Training;
using Grokking.Host.Web;
using Grokking.Service.Control;
using Grokking.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Grokking.Service.Serving;

/// <summary>The whole service in this process, with its web server, around an engine that a test can stall and break.</summary>
internal sealed class LiveService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Folder folder;
    private readonly WebApplication application;
    private readonly HttpClient client = new();

    private LiveService(Folder folder, WebApplication application) => (this.folder, this.application) = (folder, application);

    public ServiceOutcome Outcome { get; private init; } = new();

    /// <summary>Starts it.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="advancing">What happens before each step.</param>
    /// <param name="replace">What else is replaced.</param>
    public static async Task<LiveService> Start(Folder folder, Action advancing, Action<IServiceCollection>? replace = null)
    {
        var outcome = new ServiceOutcome();
        var settings = new ServiceSettings(folder.Path, 1, 1, null, null);
        Inbox.Create(settings);
        WebApplication application = GrokkingService.Build(settings, outcome, "http://127.0.0.1:0", services =>
        {
            services.AddSingleton<MachineMaker>((_, _, _, _) => Result.Success<IStepMachine>(new CountingMachine(advancing)));
            replace?.Invoke(services);
        });
        await application.StartAsync();
        return new LiveService(folder, application) { Outcome = outcome };
    }

    public T Part<T>()
        where T : notnull => application.Services.GetRequiredService<T>();

    /// <summary>Submits a run that takes as long as it is left alone.</summary>
    public RunDirectory Submit(int seed, int steps = 100_000_000, double checkpointSeconds = 0.2)
    {
        Experiment experiment = RunControlTests.Tiny(seed, steps) with { Checkpoint = new(null, checkpointSeconds), Evaluation = new(1, null) };
        return Part<RunControl>().Submit(experiment).OrThrow().Entry.Directory;
    }

    /// <summary>Asks a probe.</summary>
    /// <returns>Its status and what it gives as the reason.</returns>
    public async Task<(HttpStatusCode Status, string Reason)> Ask(string probe)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"{application.Urls.Single()}/health/{probe}"));
        JsonElement body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, body.TryGetProperty("reason", out JsonElement reason) ? reason.GetString()! : "");
    }

    /// <summary>Waits until something is true.</summary>
    public async Task Until(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < (patience ?? Patience), $"Waited too long for {what} in {folder.Path}.");
            await Task.Delay(50);
        }
    }

    public Task Until(Func<bool> condition, string what, TimeSpan? patience = null) => Until(() => Task.FromResult(condition()), what, patience);

    public Task Stop() => application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
