using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Grokking.Host.Web;

/// <summary>How the service stands.</summary>
/// <param name="Training">Runs that are trained here.</param>
/// <param name="Together">How many may be.</param>
/// <param name="Waiting">Runs that wait.</param>
/// <param name="Objection">What is wrong; null where nothing is.</param>
internal sealed record ServiceView(int Training, int Together, int Waiting, string? Objection);

/// <summary>Everything that changes, as it changes: what the page listens to.</summary>
internal sealed class BoardStream(
    RunBoard board,
    WorkerHealth health,
    Instruments instruments,
    ServiceSettings settings,
    Alerts alerts,
    TimeProvider time,
    IOptions<JsonOptions> json)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.5);

    // Proxies close what is silent.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>The events, for one listener; until it has gone.</summary>
    public async IAsyncEnumerable<SseItem<string>> Follow([EnumeratorCancellation] CancellationToken gone)
    {
        var heard = new Heard(board.Look(), alerts.Recent is [.., var newest] ? newest.Number : 0);
        long lastWord = time.GetTimestamp();
        yield return new("{}", "ready");
        while (!gone.IsCancellationRequested)
        {
            ImmutableArray<SseItem<string>> news = News(heard);
            if (news.IsEmpty && time.GetElapsedTime(lastWord) > LongestSilence)
                news = [new("{}", "still")];
            if (!news.IsEmpty)
                lastWord = time.GetTimestamp();
            foreach (SseItem<string> item in news)
                yield return item;
            try
            {
                await Task.Delay(Between, time, gone).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private ImmutableArray<SseItem<string>> News(Heard heard)
    {
        var news = ImmutableArray.CreateBuilder<SseItem<string>>();
        BoardLook now = board.Look(Between);
        if (!ReferenceEquals(now, heard.Look))
        {
            if (heard.Look.ChangedIn(now).ToImmutableArray() is { IsEmpty: false } changed)
                news.Add(Item("runs", changed));
            if (heard.Look.GoneIn(now).ToImmutableArray() is { IsEmpty: false } deleted)
                news.Add(Item("gone", deleted));
            heard.Look = now;
        }

        foreach (Alert alert in alerts.Recent.Where(alert => alert.Number > heard.Alert))
        {
            heard.Alert = alert.Number;
            news.Add(Item("alert", alert));
        }

        SseItem<string> progress = Item("progress", health.Progress);
        if (progress.Data != heard.Progress)
            news.Add(progress);
        heard.Progress = progress.Data;
        SseItem<string> service = Item("service", new ServiceView(health.Training, settings.Together, instruments.QueueLength, health.Objection));
        if (service.Data != heard.Service)
            news.Add(service);
        heard.Service = service.Data;
        return news.ToImmutable();
    }

    private SseItem<string> Item<T>(string name, T value) => new(JsonSerializer.Serialize(value, json.Value.SerializerOptions), name);

    // What a listener knows already.
    private sealed class Heard(BoardLook look, long alert)
    {
        public BoardLook Look { get; set; } = look;

        public long Alert { get; set; } = alert;

        public string? Progress { get; set; }

        public string? Service { get; set; }
    }
}
