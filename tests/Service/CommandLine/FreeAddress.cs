using System.Net;
using System.Net.Sockets;

namespace Grokking.Service.CommandLine;

/// <summary>Addresses of this machine at which nobody listens.</summary>
internal static class FreeAddress
{
    /// <summary>One of them.</summary>
    public static string Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
