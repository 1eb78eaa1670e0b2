using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Grokking.Host.Service;

namespace Grokking.Service.CommandLine;

/// <summary>What a service manager hears of the service as a process, over the socket that it listens on.</summary>
public sealed class SystemdTests
{
    [Fact]
    public void It_is_ready_alive_while_it_trains_and_says_that_it_stops()
    {
        using var folder = new Folder();
        using var manager = new Manager(folder.File("notify"));
        using (GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, "submit", "gromov/quick", "--set", "budget.steps=100000000"))
            Assert.Equal(0, submitted.ExitCode);
        using var service = new GrokkingProcess(
            folder.Path, ["serve", "--urls", FreeAddress.Next()], ("NOTIFY_SOCKET", folder.File("notify")), ("WATCHDOG_USEC", "2000000"));

        service.WaitFor(() => manager.Heard.Count(word => word == "WATCHDOG=1") >= 4, "four signs of life");
        Assert.Equal("READY=1", manager.Heard.First());
        Assert.Contains("listening", service.Error, StringComparison.OrdinalIgnoreCase);
        service.WaitFor(() => service.Error.Contains("Training gromov", StringComparison.Ordinal), "it trains");
        service.Terminate();
        Assert.Equal(75, service.Wait());
        Assert.Equal("STOPPING=1", manager.Heard.SkipWhile(word => word != "STOPPING=1").First());
        Assert.Single(manager.Heard, word => word == "READY=1");
    }

    [Fact]
    public void A_manager_that_has_gone_or_expects_nothing_is_no_obstacle()
    {
        using var folder = new Folder();
        using var service = new GrokkingProcess(folder.Path, ["serve", "--urls", FreeAddress.Next()], ("NOTIFY_SOCKET", folder.File("nobody")));
        service.WaitFor(() => service.Error.Contains("could not be told READY=1", StringComparison.Ordinal), "its warning");
        service.Terminate();
        Assert.Equal(0, service.Wait());
    }

    [Theory]
    [InlineData("2000000", null, 2.0)]
    [InlineData("2000000", "", 2.0)]
    [InlineData("2000000", "1", null)]
    [InlineData(null, null, null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    public void What_the_manager_expects_is_read_from_the_environment(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(seconds, ServiceManager.PatienceOf(microseconds, process)?.TotalSeconds);

    private sealed class Manager : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly Thread listener;

        public Manager(string path)
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            listener = new Thread(Listen) { IsBackground = true };
            listener.Start();
        }

        public ConcurrentQueue<string> Heard { get; } = new();

        public void Dispose()
        {
            socket.Dispose();
            listener.Join();
        }

        private void Listen()
        {
            var bytes = new byte[4096];
            try
            {
                while (true)
                {
                    foreach (string word in Encoding.UTF8.GetString(bytes, 0, socket.Receive(bytes)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        Heard.Enqueue(word);
                }
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
