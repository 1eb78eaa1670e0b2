using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Sweeps;

namespace Grokking.Service.Configuration;

/// <summary>
/// However a configuration is spoilt, reading it ends with an experiment or with errors for people: each says where, what was found there, shortened where it is long, and what is
/// allowed. Ten thousand spoilt files.
/// </summary>
public class MutationLaws
{
    // More than the longest list of what is known; far less than a value that somebody pasted.
    private const int LongestSentence = 1500;

    [Property(MaxTest = 10_000, Arbitrary = [typeof(Spoilt)], QuietOnSuccess = true)]
    public void A_spoilt_experiment_is_read_or_explained(SpoiltExperiment file)
    {
        ExperimentReading reading = ConfigurationText.Read(File.Text(file.Text));
        Assert.NotEqual(reading.Experiment is null, reading.Errors.IsEmpty);
        foreach (ConfigurationError error in reading.Errors)
            AssertForPeople(error.Sentence, file.Text);
        foreach (ConfigurationError error in reading.Errors.Where(error => error.Allowed.Length > 0))
            Assert.True(error.Path.Length > 0 || error.Finding.StartsWith("cannot be read", StringComparison.Ordinal) || error.Finding.StartsWith("is ", StringComparison.Ordinal) || error.Finding.StartsWith("has no key", StringComparison.Ordinal), error.Sentence);
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Spoilt)], QuietOnSuccess = true)]
    public void A_value_that_fits_nowhere_is_named_with_its_place_and_what_is_allowed_there(WrongValue wrong)
    {
        ExperimentReading reading = ConfigurationText.Read(wrong.Text);
        ConfigurationError? error = reading.Errors.FirstOrDefault(error => error.Path == wrong.Path);
        Assert.True(error is not null, $"{wrong.Path} is {wrong.Value}: {string.Join(" ", reading.Errors)}");
        Assert.StartsWith("it must be ", error.Allowed, StringComparison.Ordinal);
        Assert.Contains(wrong.Value[..Math.Min(wrong.Value.Length, 40)], error.Finding, StringComparison.Ordinal);
        Assert.InRange(error.Finding.Length, 1, 100);
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Spoilt)], QuietOnSuccess = true)]
    public void A_senseless_change_of_a_sound_experiment_is_made_or_explained(SenselessChange change)
    {
        ExperimentReading reading = ConfigurationText.Read(change.Text, new Change(change.Path, change.Value));
        Assert.NotEqual(reading.Experiment is null, reading.Errors.IsEmpty);
        foreach (ConfigurationError error in reading.Errors)
            AssertForPeople(error.Sentence, new(change.ToString(), []));
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Spoilt)], QuietOnSuccess = true)]
    public void A_spoilt_sweep_is_read_or_explained(SpoiltSweep file)
    {
        if (SweepReader.Read("file.json", File.Text(file.Text)) is Result<SweepDefinition>.Failure { Reason: var reason })
            AssertForPeople(reason, file.Text);
    }

    private static void AssertForPeople(string sentence, MutatedText file)
    {
        Assert.True(sentence.Length <= LongestSentence, $"{sentence.Length} characters: {sentence}");
        Assert.True(sentence.EndsWith('.') || sentence.Contains('\n'), $"{sentence}\n{file}");
        // What the class library says is for programmers.
        foreach (string word in new[] { "Exception", "LineNumber", "BytePosition", "   at ", "JsonElement", "The JSON value" })
            Assert.DoesNotContain(word, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(sentence, letter => char.IsControl(letter) && letter != '\n');
    }

    private static class File
    {
        // As the class library reads files: a mark at the beginning is no text, and what belongs to no text becomes a sign that says so.
        public static string Text(MutatedText file)
        {
            using var reader = new StreamReader(new MemoryStream([.. file.Bytes]), Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}

/// <summary>A spoilt experiment.</summary>
/// <param name="Text">The file.</param>
public sealed record SpoiltExperiment(MutatedText Text);

/// <summary>An experiment with one wrong value.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Value">The value.</param>
/// <param name="Text">The whole.</param>
public sealed record WrongValue(string Path, string Value, string Text);

/// <summary>A sound experiment and a change, as in <c>--set</c>, that makes no sense.</summary>
/// <param name="Path">What is to be changed.</param>
/// <param name="Value">To what.</param>
/// <param name="Text">The experiment.</param>
public sealed record SenselessChange(string Path, string Value, string Text);

/// <summary>A spoilt sweep.</summary>
/// <param name="Text">The file.</param>
public sealed record SpoiltSweep(MutatedText Text);

/// <summary>Where spoilt files come from: the presets.</summary>
public static class Spoilt
{
    private static readonly string[] Experiments = [.. ExperimentCatalogue.Default.Presets.Select(preset => System.IO.File.ReadAllText(preset.Path))];
    private static readonly string[] Sweeps = [.. SweepPresets.Default.All.Select(preset => System.IO.File.ReadAllText(preset.Path))];

    /// <summary>Experiments.</summary>
    public static Arbitrary<SpoiltExperiment> OfExperiments() => Mutations.Of(Experiments).Generator.Select(text => new SpoiltExperiment(text)).ToArbitrary();

    /// <summary>Experiments with one wrong value.</summary>
    public static Arbitrary<WrongValue> OfWrongValues() => Mutations.OfOneValue(Experiments).Generator.Select(wrong => new WrongValue(wrong.Path, wrong.Value, wrong.Text)).ToArbitrary();

    /// <summary>Senseless changes.</summary>
    public static Arbitrary<SenselessChange> OfChanges() => Mutations.OfChanges(Experiments).Generator.Select(change => new SenselessChange(change.Path, change.Value, change.Text)).ToArbitrary();

    /// <summary>Sweeps.</summary>
    public static Arbitrary<SpoiltSweep> OfSweeps() => Mutations.Of(Sweeps).Generator.Select(text => new SpoiltSweep(text)).ToArbitrary();
}
