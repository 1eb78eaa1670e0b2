using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>
/// Posts every alert as JSON to an address: <c>text</c>, which chat programs show as it is, and <c>kind</c>, <c>run</c>, <c>time</c>, <c>number</c>. An address that does not
/// answer is tried a few times and then given up for that alert; training never waits for it.
/// </summary>
/// <param name="address">The address.</param>
/// <param name="alerts">The alerts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
internal sealed class Webhook(Uri address, Alerts alerts, TimeProvider time, ILogger<Webhook> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            await foreach (Alert alert in alerts.Outside.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await PostAsync(client, alert, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service was asked to stop.
        }
    }

    private async Task PostAsync(HttpClient client, Alert alert, CancellationToken stop)
    {
        var body = new
        {
            text = $"{alert.Run} {alert.Message}",
            kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(alert.Kind.ToString()),
            run = alert.Run,
            time = alert.Time,
            number = alert.Number,
        };
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await client.PostAsJsonAsync(address, body, stop).ConfigureAwait(false);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                if (attempt == Waits.Length)
                {
                    // Addresses of webhooks are secrets; the host is enough to know which.
                    logger.LogWarning("The alert {Number} did not reach {Host}: {Reason}", alert.Number, address.Host, fault.Message);
                    return;
                }
            }

            await Task.Delay(Waits[attempt], time, stop).ConfigureAwait(false);
        }
    }
}
