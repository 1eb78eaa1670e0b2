using System.Diagnostics;
using System.Net;
using Grokking.Host.Runs;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Serving;

/// <summary>A disk that is really full: one of eighty megabytes, in memory.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);
    private readonly Folder folder = new();

    public FullDiskTests() => Directory.CreateDirectory(folder.File("data"));

    public void Dispose() => folder.Dispose();

    [MountFact]
    public async Task It_is_told_survived_and_forgotten_when_there_is_room_again()
    {
        Assert.True(MountFactAttribute.Mount(folder.File("data")));
        try
        {
            using GrokkingProcess submitted = GrokkingProcess.Run(
                folder.Path, "submit", "gromov/quick", "--set", "budget.steps=100000000", "--set", "evaluation.every=1", "--set", "checkpoint.everySeconds=1");
            Assert.True(submitted.ExitCode == 0, submitted.Error);
            string url = FreeAddress.Next();
            using var service = new GrokkingProcess(folder.Path, "serve", "--urls", url);
            using var client = new HttpClient();
            async Task<(HttpStatusCode Status, string Body)> Ask(string probe)
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri($"{url}/health/{probe}"));
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }

            async Task Until(HttpStatusCode status, string words, TimeSpan patience)
            {
                var watch = Stopwatch.StartNew();
                (HttpStatusCode Status, string Body) now;
                while ((now = await Ask("ready")).Status != status || !now.Body.Contains(words, StringComparison.Ordinal))
                {
                    Assert.True(watch.Elapsed < patience, $"{now}\n{service.Error}");
                    await Task.Delay(50);
                }
            }

            service.WaitFor(() => service.Error.Contains("Training gromov", StringComparison.Ordinal), "its training");
            await Until(HttpStatusCode.OK, "ready", TimeSpan.FromMinutes(1));

            // A third of it: there is room, but not enough.
            await File.WriteAllBytesAsync(folder.File("data", "third"), new byte[27 << 20]);
            await Until(HttpStatusCode.ServiceUnavailable, "bytes are free", Promised);
            Assert.Equal(HttpStatusCode.OK, (await Ask("live")).Status);

            // All of it.
            Assert.ThrowsAny<IOException>(() => File.WriteAllBytes(folder.File("data", "rest"), new byte[80 << 20]));
            await Until(HttpStatusCode.ServiceUnavailable, "", Promised);
            service.WaitFor(() => service.Error.Contains("is failed", StringComparison.Ordinal), "the run's failure");
            Assert.Equal(HttpStatusCode.OK, (await Ask("live")).Status);

            File.Delete(folder.File("data", "third"));
            File.Delete(folder.File("data", "rest"));
            string run = submitted.ExitCode == 0 ? Assert.Single(new RunCatalogue(folder.File("data")).List()).Record.Run : "";
            using GrokkingProcess resumed = GrokkingProcess.Run(folder.Path, "submit", run);
            service.WaitFor(() => service.Error.LastIndexOf("Training gromov", StringComparison.Ordinal) > service.Error.LastIndexOf("is failed", StringComparison.Ordinal), "its going on");
            await Until(HttpStatusCode.OK, "ready", TimeSpan.FromMinutes(1));
            service.Terminate();
            Assert.Equal(75, service.Wait());
        }
        finally
        {
            MountFactAttribute.Unmount(folder.File("data"));
        }
    }

    /// <summary>A fact that needs the right to mount; without it, it is skipped and says so.</summary>
    private sealed class MountFactAttribute : FactAttribute
    {
        private static readonly Lazy<bool> Permitted = new(() =>
        {
            using var folder = new Folder();
            return OperatingSystem.IsLinux() && Mount(folder.Path) && Unmount(folder.Path);
        });

        public MountFactAttribute()
        {
            if (!Permitted.Value)
                Skip = "This user may mount no file system in memory.";
        }

        public static bool Mount(string path) => Do("mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", path);

        public static bool Unmount(string path) => Do("umount", "--lazy", path);

        private static bool Do(string program, params string[] arguments)
        {
            try
            {
                using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
