using System.CommandLine;
using System.Text.RegularExpressions;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Schedulers;

namespace Grokking.Host.Commands;

/// <summary><c>sweep submit kubernetes SWEEP</c>: writes the manifest of a Job and a container file; whoever has a cluster applies it.</summary>
internal static partial class SubmitKubernetesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var command = new Command("kubernetes", "Writes an indexed Job for Kubernetes and the file that its image is built by; submits nothing.");
        var options = new SubmitOptions(command, common, terminal);
        Option<string> image = Checked("--image", "grokking", "The image (default: grokking).", "IMAGE", Image(), "the name of an image, such as registry.example.org/grokking:1");
        Option<string> claim = Checked("--claim", "grokking", "The claim to the volume that holds the data directory (default: grokking).", "CLAIM", Label(), "lower-case letters, digits and hyphens");
        Option<string?> memory = Checked<string?>("--memory", null, "Memory of a shard, such as 2Gi.", "QUANTITY", Quantity(), "a quantity of memory such as 512Mi or 2Gi");
        foreach (Option option in new Option[] { image, claim, memory })
            command.Add(option);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            string data = Path.GetFullPath(parsed.GetValue(common.Data)!);
            return options.Submit(
                parsed,
                KubernetesJob.MostShards,
                KubernetesJob.Name,
                task => task.Folder == new Sweeps.SweepCatalogue(data).FolderOf(task.Sweep).Path
                    ? Result.Success(KubernetesJob.Write(task, parsed.GetValue(image)!, parsed.GetValue(claim)!, parsed.GetValue(memory)))
                    : Result.Failure<string>($"The sweep lies in {task.Folder}; for a cluster it must lie below the data directory, which is all that its volume holds."),
                (task, manifest) =>
                {
                    Disk.Real.PublishText(task.Script(KubernetesJob.Containerfile), ContainerText());
                    terminal.Say($"build the image with: docker build -t {parsed.GetValue(image)} -f {Shell.Quote(task.Script(KubernetesJob.Containerfile))} {Shell.Quote(AppContext.BaseDirectory)}");
                    terminal.Say($"submit with: kubectl apply -f {Shell.Quote(manifest)}");
                    options.Report(parsed, task, manifest);
                    return ExitCode.Done;
                },
                signals.Token);
        });
        return command;
    }

    private static string ContainerText()
    {
        using var reader = new StreamReader(typeof(SubmitKubernetesCommand).Assembly.GetManifestResourceStream(KubernetesJob.Containerfile)!);
        return reader.ReadToEnd();
    }

    private static Option<T> Checked<T>(string name, T otherwise, string description, string helpName, Regex allowed, string words)
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => !allowed.IsMatch(word)))
                result.AddError($"{name} is '{word}'; it must be {words}.");
        });
        return option;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[1-9][0-9]{0,14}(Ki|Mi|Gi|Ti|k|M|G|T)?\z")]
    private static partial Regex Quantity();
}
