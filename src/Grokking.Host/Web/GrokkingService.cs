using System.Globalization;
using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace Grokking.Host.Web;

/// <summary>The background service: a generic host with the worker, its web server and its log.</summary>
internal static class GrokkingService
{
    // Longer than any checkpoint takes; afterwards the host no longer waits.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);
    private const int MostConnections = 500;

    /// <summary>Runs the service until it is asked to stop.</summary>
    /// <param name="settings">What it was asked to do.</param>
    /// <param name="urls">Where its web server listens, separated by semicolons.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServiceSettings settings, string urls, Terminal terminal)
    {
        try
        {
            Inbox.Create(settings);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Refusal.Of(
                terminal,
                $"The queue {settings.Queue} cannot be made ({fault.Message.TrimEnd('.')}); --data must name a folder that this user can write to.");
        }

        NativeHeap.KeepSmall();
        var outcome = new ServiceOutcome();
        await using WebApplication application = Build(settings, outcome, urls);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            return Refusal.Of(terminal, $"The service cannot listen at {urls} ({fault.Message.TrimEnd('.')}); --urls must name a free address.");
        }

        ILogger<ServiceOutcome> log = application.Services.GetRequiredService<ILogger<ServiceOutcome>>();
        log.LogInformation("Working off {Queue}; listening at {Urls}", settings.Queue, string.Join(", ", application.Urls));
        await application.WaitForShutdownAsync().ConfigureAwait(false);
        return outcome.Failed ? ExitCode.Failed : outcome.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>The addresses in a text, which semicolons separate.</summary>
    public static string[] Addresses(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Puts the service together.</summary>
    /// <param name="settings">What it is asked to do.</param>
    /// <param name="outcome">Is told how it ended.</param>
    /// <param name="urls">Where its web server listens, separated by semicolons.</param>
    /// <param name="replace">Replaces parts of it.</param>
    internal static WebApplication Build(ServiceSettings settings, ServiceOutcome outcome, string urls, Action<IServiceCollection>? replace = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(Addresses(urls));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.FileBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Log(settings, builder.Configuration), dispose: true);
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = ShutdownTimeout;
            // Training must not wait until the last reader has closed a connection.
            options.ServicesStopConcurrently = true;
        });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Disk.Real)
            .AddSingleton(settings.Engine)
            .AddSingleton(settings)
            .AddSingleton(outcome)
            .AddSingleton(new RunCatalogue(settings.Data))
            .AddSingleton<RunControl>()
            .AddSingleton<RunBoard>()
            .AddSingleton<MetricsViews>()
            .AddSingleton<BoardStream>()
            .AddSingleton<Inbox>()
            .AddSingleton<Alerts>()
            .AddSingleton<Instruments>()
            .AddSingleton<WorkerHealth>()
            .AddSingleton<Readiness>()
            .AddSingleton<ServiceManager>()
            .AddSingleton<ISystemdNotifier, SystemdNotifier>()
            .AddHostedService<QueueWorker>();
        if (settings.Webhook is { } address)
        {
            builder.Services.AddHostedService(services => new Webhook(
                address, services.GetRequiredService<Alerts>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Webhook>>()));
        }

        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Problems.Explain(context));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = RunView.Format.PropertyNamingPolicy;
            options.SerializerOptions.Encoder = RunView.Format.Encoder;
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals;
            options.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower));
            options.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        });
        Telemetry.Add(builder, settings.Telemetry);
        replace?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        EndWithTheService(application);
        Protection.Use(application, settings, Addresses(urls).All(Protection.IsLoopback));
        application.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = Problems.StatusOf, SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException });
        application.UseStatusCodePages();
        Pages.Use(application);
        application.MapOpenApi();
        Endpoints.Map(application);
        return application;
    }

    // Whoever follows a stream would otherwise keep the service from ending for as long as it may take to shut down.
    private static void EndWithTheService(WebApplication application) => application.Use(async (context, next) =>
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, application.Lifetime.ApplicationStopping);
        context.RequestAborted = either.Token;
        await next(context).ConfigureAwait(false);
    });

    private static Serilog.Core.Logger Log(ServiceSettings settings, IConfiguration configuration) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .ReadFrom.Configuration(configuration)
        // The host logs why it cannot start, with a trace; a person is told in a sentence.
        .WriteTo.Logger(console => console
            .Filter.ByExcluding(Matching.FromSource("Microsoft.Extensions.Hosting"))
            .WriteTo.Console(
                formatProvider: CultureInfo.InvariantCulture,
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                standardErrorFromLevel: LogEventLevel.Verbose,
                applyThemeToRedirectedOutput: false))
        .ToFiles(settings.Logs, "service")
        .CreateLogger();
}
