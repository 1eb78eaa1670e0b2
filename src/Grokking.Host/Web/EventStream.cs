using System.Net.ServerSentEvents;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Grokking.Host.Web;

/// <summary>Server-sent events for readers of every kind: whoever stops reading holds up nothing but one event, and that not for long.</summary>
internal static class EventStream
{
    // A page that comes back asks anew, from the row that it has.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Characters of one event, but for the last row in it.
    private const int PieceLength = 65_536;

    /// <summary>The answer that sends events as they come; a connection that takes none for half a minute is closed.</summary>
    public static IResult Of(IAsyncEnumerable<SseItem<string>> events, HttpContext context) => TypedResults.ServerSentEvents(Patient(events, Patience, context.Abort));

    /// <summary>The same events; <paramref name="giveUp"/> is called when after one of them so long nobody asks for the next.</summary>
    internal static async IAsyncEnumerable<SseItem<string>> Patient(IAsyncEnumerable<SseItem<string>> events, TimeSpan patience, Action giveUp)
    {
        await foreach (SseItem<string> item in events.ConfigureAwait(false))
        {
            // Its end is waited for: once the answer is over, there is no connection of its own to close.
            await using var timer = new Timer(_ => giveUp(), null, patience, Timeout.InfiniteTimeSpan);
            yield return item;
        }
    }

    /// <summary>Objects of JSON as arrays of some of them, so that a long past does not become one event.</summary>
    internal static IEnumerable<string> Pieces(IEnumerable<string> rows)
    {
        var piece = new StringBuilder();
        foreach (string row in rows)
        {
            piece.Append(piece.Length == 0 ? '[' : ',').Append(row);
            if (piece.Length < PieceLength)
                continue;
            yield return piece.Append(']').ToString();
            piece.Clear();
        }

        if (piece.Length > 0)
            yield return piece.Append(']').ToString();
    }
}
