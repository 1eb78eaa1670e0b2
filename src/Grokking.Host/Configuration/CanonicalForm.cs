using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Training;

namespace Grokking.Host.Configuration;

/// <summary>
/// The one way to write an experiment: all values, defaults included, in one order and one spelling. Read back, it is the same experiment;
/// hashed, it is the identity of a run.
/// </summary>
internal static class CanonicalForm
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int HashDigits = 10;
    private const int SlugLength = 40;

    /// <summary>The experiment as JSON.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="withSource">Whether the remark about its source is part of it; the identity leaves it out.</param>
    /// <param name="withSeed">Whether the seed is part of it; what runs with several seeds have in common leaves it out.</param>
    /// <returns>One line.</returns>
    public static string Write(Experiment experiment, bool withSource = true, bool withSeed = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
            Write(json, experiment, withSource, withSeed);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The run of an experiment: a readable part of its name, and a hash of its canonical form, seed included.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>Such as <c>gromov-fig1-gd-3f9a1c0b72</c>.</returns>
    public static string RunId(Experiment experiment)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
            Write(json, experiment, withSource: false, withSeed: true);
        return Named(experiment.Name, Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan))[..HashDigits]);
    }

    /// <summary>An id that people can read: a name as far as it suits a folder, and a hash.</summary>
    /// <param name="name">The name.</param>
    /// <param name="hash">The hash.</param>
    /// <returns>Such as <c>gromov-fig1-gd-3f9a1c0b72</c>.</returns>
    public static string Named(string name, string hash)
    {
        var slug = new StringBuilder();
        foreach (char c in name.ToLowerInvariant())
            slug.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        string readable = slug.ToString(0, Math.Min(slug.Length, SlugLength)).Trim('-');
        return readable.Length == 0 ? hash : $"{readable}-{hash}";
    }

    /// <summary>A loss as it is written.</summary>
    public static string LossName(Loss loss) => ExperimentReader.Losses.Single(each => each.Loss == loss).Name;

    /// <summary>The filters of the gradient, as JSON; null where there are none.</summary>
    public static string? FiltersText(Experiment experiment)
    {
        if (experiment.Filters.IsEmpty)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
            Write(json, experiment.Filters);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A precision as it is written.</summary>
    public static string PrecisionName(Precision precision) => precision == Precision.Double ? "double" : "single";

    private static void Write(Utf8JsonWriter json, Experiment experiment, bool withSource, bool withSeed)
    {
        json.WriteStartObject();
        json.WriteString("name", experiment.Name);
        if (withSource && experiment.Source.Length > 0)
            json.WriteString("source", experiment.Source);
        json.WriteStartObject("task");
        json.WriteString("operation", experiment.Task.Operation);
        json.WriteNumber("modulus", experiment.Task.Modulus);
        json.WriteNumber("operands", experiment.Task.Operands);
        json.WriteEndObject();
        json.WriteStartObject("split");
        json.WriteNumber("trainFraction", experiment.TrainFraction);
        if (experiment.Later is { } later)
        {
            json.WriteStartObject("later");
            json.WriteNumber("fromStep", later.FromStep);
            json.WriteNumber("trainFraction", later.TrainFraction);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("labelCorruption");
        json.WriteNumber("fraction", experiment.Corruption.Fraction);
        json.WriteString("scope", experiment.Corruption.Everywhere ? "all" : "train");
        json.WriteEndObject();
        json.WriteStartObject("network");
        Kinds<INetwork>.Write(json, experiment.Network);
        json.WriteEndObject();
        json.WriteString("loss", LossName(experiment.Loss));
        Write(json, experiment.Optimiser);
        // There were runs before there were these: where they are as everything was before they are not written.
        if (!experiment.Filters.IsEmpty)
        {
            json.WritePropertyName("gradient");
            Write(json, experiment.Filters);
        }

        if (experiment.Weights != WeightSettings.Free)
            Write(json, experiment.Weights);
        if (experiment.OutputScale is { } outputScale)
            json.WriteNumber("outputScale", outputScale);
        Write(json, experiment.Schedule);
        if (experiment.BatchSize is { } size)
            json.WriteNumber("batch", size);
        else
            json.WriteString("batch", "full");
        if (experiment.EndsEpochs)
            json.WriteString("lastBatch", "short");
        WriteCourse(json, experiment);
        json.WriteStartArray("measures");
        foreach (string measure in experiment.Measures)
            json.WriteStringValue(measure);
        json.WriteEndArray();
        json.WriteString("precision", PrecisionName(experiment.Precision));
        if (withSeed)
            json.WriteNumber("seed", experiment.Seed);
        json.WriteEndObject();
    }

    private static void WriteCourse(Utf8JsonWriter json, Experiment experiment)
    {
        json.WriteStartObject("budget");
        json.WriteNumber("steps", experiment.Budget.Steps);
        if (experiment.Budget.TestAccuracy is { } target)
            json.WriteNumber("testAccuracy", target);
        json.WriteEndObject();
        json.WriteStartObject("evaluation");
        if (experiment.Evaluation.Every is { } every)
            json.WriteNumber("every", every);
        if (experiment.Evaluation.PerDecade is { } perDecade)
            json.WriteNumber("perDecade", perDecade);
        json.WriteEndObject();
        json.WriteStartObject("checkpoint");
        if (experiment.Checkpoint.EverySteps is { } steps)
            json.WriteNumber("everySteps", steps);
        if (experiment.Checkpoint.EverySeconds is { } seconds)
            json.WriteNumber("everySeconds", seconds);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Schedule schedule)
    {
        json.WriteStartObject("schedule");
        json.WriteNumber("warmupSteps", schedule.WarmupSteps);
        if (schedule.WarmupFrom != Schedule.Constant.WarmupFrom)
            json.WriteNumber("warmupFrom", schedule.WarmupFrom);
        if (schedule.Annealing != Annealing.None)
            json.WriteString("annealing", DeclaredSetting.Text(schedule.Annealing));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WeightSettings weights)
    {
        json.WriteStartObject("weights");
        json.WriteNumber("initialScale", weights.InitialScale);
        if (weights.Norm is { } norm)
            json.WriteNumber("norm", norm);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<GradientFilter> filters)
    {
        json.WriteStartArray();
        foreach (GradientFilter filter in filters)
        {
            json.WriteStartObject();
            Kinds<GradientFilter>.Write(json, filter);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Optimiser optimiser)
    {
        json.WriteStartObject("optimiser");
        Kinds<Optimiser>.Write(json, optimiser);
        json.WriteEndObject();
    }
}
