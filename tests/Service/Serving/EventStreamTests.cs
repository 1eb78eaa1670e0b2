using System.Net.ServerSentEvents;
using System.Text.Json;
using Grokking.Host.Web;

namespace Grokking.Service.Serving;

/// <summary>Readers that stop reading, and a past that is long.</summary>
public class EventStreamTests
{
    [Fact]
    public async Task Whoever_asks_for_no_more_events_is_given_up()
    {
        using var givenUp = new SemaphoreSlim(0);
        await using IAsyncEnumerator<SseItem<string>> events = EventStream.Patient(Events(), TimeSpan.FromMilliseconds(50), () => givenUp.Release()).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync());
        Assert.True(await givenUp.WaitAsync(TimeSpan.FromMinutes(1)));
        // Where the end of the connection comes too late for one event, the next is watched like it.
        Assert.True(await events.MoveNextAsync());
        Assert.True(await givenUp.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Whoever_goes_on_reading_has_every_event_in_its_order()
    {
        var read = new List<string>();
        await foreach (SseItem<string> item in EventStream.Patient(Events(), TimeSpan.FromMinutes(1), () => Assert.Fail("It was given up.")))
            read.Add(item.Data);
        Assert.Equal(["1", "2", "3"], read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(10_000)]
    public void A_long_past_comes_in_pieces_without_a_row_lost(int rows)
    {
        string[] pieces = [.. EventStream.Pieces(Enumerable.Range(0, rows).Select(row => $$"""{ "step": {{row}}, "words": "{{new string('x', row % 100)}}" }"""))];

        Assert.Equal(Enumerable.Range(0, rows), pieces.SelectMany(piece => JsonDocument.Parse(piece).RootElement.EnumerateArray().Select(row => row.GetProperty("step").GetInt32())));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 66_000));
    }

    private static async IAsyncEnumerable<SseItem<string>> Events()
    {
        foreach (string each in new[] { "1", "2", "3" })
        {
            await Task.Yield();
            yield return new(each, "number");
        }
    }
}
