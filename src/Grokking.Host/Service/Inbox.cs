using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Experiments;
using Grokking.Host.Files;
using Microsoft.Extensions.Logging;

namespace Grokking.Host.Service;

/// <summary>
/// Experiments as files: whoever wants something trained puts a JSON file into the directory <c>queue</c>. It is submitted and moves on, to <c>accepted</c> or to
/// <c>refused</c>, with a sentence beside it. Several services may look into it at once, for submitting twice is harmless.
/// </summary>
/// <param name="settings">What the service was asked to do.</param>
/// <param name="control">Takes what is submitted.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The service's log.</param>
internal sealed class Inbox(ServiceSettings settings, RunControl control, TimeProvider time, ILogger<Inbox> logger)
{
    private const string Ending = ".json";
    private const string Accepted = "accepted";
    private const string Refused = "refused";

    // A file this young may still be being written.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(0.5);

    /// <summary>Makes the directories.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    public static void Create(ServiceSettings settings)
    {
        foreach (string folder in new[] { Accepted, Refused })
            Disk.Real.MakeDirectory(Path.Combine(settings.Queue, folder));
    }

    /// <summary>Submits what lies there, the oldest file first.</summary>
    /// <param name="taken">Is called after each file, for many take their time.</param>
    public void Empty(Action taken)
    {
        foreach (FileInfo file in new DirectoryInfo(settings.Queue).EnumerateFiles($"*{Ending}")
            .Where(file => time.GetUtcNow() - file.LastWriteTimeUtc >= Settled)
            .OrderBy(file => file.LastWriteTimeUtc)
            .ThenBy(file => file.Name, StringComparer.Ordinal))
        {
            try
            {
                Take(file);
                taken();
            }
            catch (FileNotFoundException)
            {
                // Another service was quicker.
            }
        }
    }

    private void Take(FileInfo file)
    {
        ExperimentReading reading = ExperimentCatalogue.Load(file.FullName).Match(
            text => ConfigurationText.Read(text),
            reason => new ExperimentReading(null, [ConfigurationError.Because(file.Name, reason)]));
        if (reading.Experiment is not { } experiment)
        {
            Finish(file, Refused, string.Join(Environment.NewLine, reading.Errors.Select(error => error.Sentence)));
            return;
        }

        Result<Granted> granted = control.Submit(experiment);
        Finish(file, granted.Succeeded ? Accepted : Refused, granted.Match(done => $"{done.Sentence} {done.Entry.Directory.Path}", reason => reason));
    }

    private void Finish(FileInfo file, string folder, string sentence)
    {
        string place = Path.Combine(settings.Queue, folder, file.Name);
        Disk.Real.PublishText(Path.ChangeExtension(place, ".txt"), sentence + Environment.NewLine);
        Disk.Real.Move(file.FullName, place, overwrite: true);
        logger.LogInformation("The file {File} is {Outcome}: {Sentence}", file.Name, folder, sentence);
    }
}
