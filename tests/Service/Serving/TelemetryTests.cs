using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Serving;

/// <summary>The meters over the wire, as a collector receives them.</summary>
public sealed class TelemetryTests : IDisposable
{
    private static readonly string[] Promised = ["grokking.step.duration", "grokking.steps", "grokking.checkpoint.duration", "grokking.queue.length", "grokking.metrics.lag", "dotnet.gc.collections"];
    private static readonly string[] Quick = ["--set", "budget.steps=100000000", "--set", "checkpoint.everySeconds=0.3"];
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_collector_hears_every_instrument_and_no_run(bool byOption)
    {
        using var collector = new Collector();
        using GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, ["submit", "gromov/quick", .. Quick, "--json"]);
        string run = submitted.Json.GetProperty("run").GetString()!;
        string[] option = byOption ? ["--otlp", collector.Address] : [];
        (string, string)[] variable = byOption ? [] : [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)];
        using var service = new GrokkingProcess(folder.Path, ["serve", "--urls", FreeAddress.Next(), .. option], [("OTEL_METRIC_EXPORT_INTERVAL", "500"), .. variable]);

        service.WaitFor(() => Promised.All(name => collector.Bodies.Any(body => body.Contains(name, StringComparison.Ordinal))), "every instrument");
        Assert.All(collector.Paths, path => Assert.Equal("/v1/metrics", path));
        Assert.Contains(collector.Bodies, body => body.Contains("Grokking.Host", StringComparison.Ordinal) && body.Contains("service.name", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Bodies, body => body.Contains(run, StringComparison.Ordinal));
        service.Terminate();
        Assert.Equal(75, service.Wait());
    }

    /// <summary>Who takes connections and never answers is the worst of collectors.</summary>
    [Fact]
    public void A_collector_that_does_not_answer_keeps_nobody_from_stopping()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var service = new GrokkingProcess(
            folder.Path, ["serve", "--urls", FreeAddress.Next(), "--otlp", $"http://{silent.LocalEndpoint}"], ("OTEL_METRIC_EXPORT_INTERVAL", "200"));
        service.WaitFor(() => service.Error.Contains("listening", StringComparison.OrdinalIgnoreCase) && silent.Pending(), "its first word to the collector");
        var watch = Stopwatch.StartNew();
        service.Terminate();
        Assert.Equal(0, service.Wait());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData("--otlp", "nowhere", "--otlp is nowhere; it must be an address such as http://127.0.0.1:4318.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere", "The environment variable OTEL_EXPORTER_OTLP_ENDPOINT is nowhere; it must be an address such as http://127.0.0.1:4318.")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke", "The environment variable OTEL_EXPORTER_OTLP_PROTOCOL is smoke; it must be grpc or http/protobuf.")]
    public void What_is_no_address_is_refused_with_a_sentence(string name, string value, string sentence)
    {
        bool isOption = name.StartsWith('-');
        using var service = new GrokkingProcess(folder.Path, isOption ? ["serve", name, value] : ["serve", "--urls", FreeAddress.Next()], isOption ? [] : [(name, value)]);
        Assert.Equal(2, service.Wait());
        Assert.Contains($"error: {sentence}", service.Error, StringComparison.Ordinal);
    }

    private sealed class Collector : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Thread thread;

        public Collector()
        {
            Address = FreeAddress.Next();
            listener.Prefixes.Add($"{Address}/");
            listener.Start();
            thread = new Thread(Listen) { IsBackground = true };
            thread.Start();
        }

        public string Address { get; }

        /// <summary>Protocol buffers keep texts as they are, so that names can be found in them.</summary>
        public ConcurrentQueue<string> Bodies { get; } = new();

        public ConcurrentQueue<string> Paths { get; } = new();

        public void Dispose()
        {
            listener.Close();
            thread.Join();
        }

        private void Listen()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = listener.GetContext();
                    using var body = new MemoryStream();
                    context.Request.InputStream.CopyTo(body);
                    if (context.Request.ContentType == "application/x-protobuf")
                        Bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
                    Paths.Enqueue(context.Request.RawUrl!);
                    context.Response.StatusCode = 200;
                    context.Response.Close();
                }
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }
    }
}
