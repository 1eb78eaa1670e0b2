using System.Globalization;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Grokking.Host.Web;

/// <summary>
/// Sends the meters of the service and of the .NET runtime over OTLP, where somebody asked for it: by <c>--otlp</c>, or as every OpenTelemetry program is asked, by environment
/// variables. Those also say how often, with which headers, and by which protocol; unless they do, by HTTP with protobuf.
/// </summary>
internal static class Telemetry
{
    /// <summary>The environment variable that names a collector.</summary>
    public const string AddressVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string MetricsAddressVariable = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string PatienceVariable = "OTEL_EXPORTER_OTLP_TIMEOUT";

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    // The last words are sent while the service stops, and nobody may wait long for a collector that does not answer.
    private const int PatienceMilliseconds = 2000;

    // The class library's own meter: memory, collections, threads, exceptions.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>The address that a word is; null where it is none.</summary>
    public static Uri? AddressOf(string word) => Uri.TryCreate(word, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : null;

    /// <summary>What is wrong with what the environment says; null where nothing is.</summary>
    public static string? Objection() => new[] { AddressVariable, MetricsAddressVariable }
        .Where(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } word && AddressOf(word) is null)
        .Select(name => $"The environment variable {name} is {Environment.GetEnvironmentVariable(name)}; it must be an address such as http://127.0.0.1:4318.")
        .FirstOrDefault()
        ?? (Environment.GetEnvironmentVariable(ProtocolVariable) is { Length: > 0 } protocol && !Protocols.Contains(protocol)
            ? $"The environment variable {ProtocolVariable} is {protocol}; it must be {string.Join(" or ", Protocols)}."
            : null);

    /// <summary>Adds the exporter, where there is somewhere to send to.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="address">The collector; null where only the environment may name one.</param>
    public static void Add(WebApplicationBuilder builder, Uri? address)
    {
        if (address is not null)
        {
            builder.Configuration[AddressVariable] = address.OriginalString;
            builder.Configuration[MetricsAddressVariable] = null;
        }

        if (string.IsNullOrEmpty(builder.Configuration[AddressVariable]) && string.IsNullOrEmpty(builder.Configuration[MetricsAddressVariable]))
            return;
        Default(builder.Configuration, ProtocolVariable, Protocols[^1]);
        Default(builder.Configuration, PatienceVariable, PatienceMilliseconds.ToString(CultureInfo.InvariantCulture));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("grokking", serviceVersion: RunEnvironment.ProgramVersion))
            .WithMetrics(metrics => metrics.AddMeter(Instruments.MeterName, RuntimeMeter).AddOtlpExporter());
    }

    private static void Default(ConfigurationManager configuration, string key, string value)
    {
        if (string.IsNullOrEmpty(configuration[key]))
            configuration[key] = value;
    }
}
