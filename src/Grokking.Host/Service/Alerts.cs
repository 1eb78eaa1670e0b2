using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>What is worth telling somebody about.</summary>
internal enum AlertKind
{
    /// <summary>Test accuracy reached 95 % for the first time.</summary>
    Grokked,

    /// <summary>What was grokked was lost.</summary>
    Collapsed,

    /// <summary>A loss is not a finite number.</summary>
    NotFinite,

    /// <summary>A run shows no progress.</summary>
    Stuck,

    /// <summary>A run reached its end.</summary>
    Finished,

    /// <summary>A fault ended a run.</summary>
    Failed,
}

/// <summary>One such thing.</summary>
/// <param name="Number">From 1, since the service began.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Run">The run.</param>
/// <param name="Message">A sentence.</param>
internal sealed record Alert(long Number, DateTimeOffset Time, AlertKind Kind, string Run, string Message);

/// <summary>Tells the log, keeps the newest for the page, and hands all to whoever carries them outside.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
internal sealed class Alerts(TimeProvider time, ILogger<Alerts> logger)
{
    private const int Kept = 200;
    private const int Waiting = 1000;

    private readonly Lock gate = new();
    private readonly Channel<Alert> outside = Channel.CreateBounded<Alert>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private ImmutableList<Alert> recent = [];
    private long count;

    /// <summary>The newest, the oldest of them first.</summary>
    public ImmutableList<Alert> Recent => recent;

    /// <summary>All, for one reader; where that one is too slow by a thousand, the oldest are lost to it.</summary>
    public ChannelReader<Alert> Outside => outside.Reader;

    /// <summary>Raises one.</summary>
    public void Raise(AlertKind kind, string run, string message)
    {
        lock (gate)
        {
            var alert = new Alert(++count, time.GetUtcNow(), kind, run, message);
            recent = recent.Add(alert);
            if (recent.Count > Kept)
                recent = recent.RemoveAt(0);
            outside.Writer.TryWrite(alert);
        }

        logger.Log(kind is AlertKind.Grokked or AlertKind.Finished ? LogLevel.Information : LogLevel.Warning, "{Alert}: {Run} {Message}", kind.ToString(), run, message);
    }
}
