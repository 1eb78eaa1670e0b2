using System.Globalization;
using System.Text.Json;

namespace Grokking.Host.Runs;

/// <summary>
/// A lease as a file, <c>.lease-000007</c> in the run's directory: who holds it or held it last. Its number is the fencing token; the highest counts. Its time is the
/// holder's last sign of life.
/// </summary>
/// <param name="Token">The number, from 1.</param>
/// <param name="Host">The holder's machine.</param>
/// <param name="Scope">Within which its process number means something.</param>
/// <param name="Process">Its process.</param>
/// <param name="Start">When that process began.</param>
/// <param name="Taken">When it was taken.</param>
/// <param name="Released">Whether it was given back.</param>
internal sealed record LeaseFile(long Token, string Host, string Scope, int Process, string Start, DateTimeOffset Taken, bool Released)
{
    private const string Beginning = ".lease-";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether a file of a run's directory is a lease.</summary>
    public static bool Is(string path) => Path.GetFileName(path).StartsWith(Beginning, StringComparison.Ordinal);

    /// <summary>The lease that this process would take.</summary>
    public static LeaseFile Mine(long token, TimeProvider time) =>
        new(token, Environment.MachineName, ProcessIdentity.Scope, Environment.ProcessId, ProcessIdentity.Start, time.GetUtcNow(), false);

    /// <summary>Whether this process holds it, or held it.</summary>
    public bool IsMine => Process == Environment.ProcessId && Scope == ProcessIdentity.Scope && Start == ProcessIdentity.Start;

    /// <summary>Where it lies.</summary>
    public string PathIn(RunDirectory directory) => PathIn(directory, Token);

    /// <summary>The tokens that are there, ascending.</summary>
    public static long[] Tokens(RunDirectory directory) => Directory.Exists(directory.Path)
        ?
        [
            .. Directory.EnumerateFiles(directory.Path, $"{Beginning}*")
                .Select(path => Path.GetFileName(path)[Beginning.Length..])
                .Where(digits => digits.Length > 0 && digits.All(char.IsAsciiDigit))
                .Select(digits => long.Parse(digits, CultureInfo.InvariantCulture))
                .Order(),
        ]
        : [];

    /// <summary>The lease that counts; null where there never was one. One that cannot be read is in nobody's hands that could be asked.</summary>
    public static LeaseFile? Newest(RunDirectory directory)
    {
        // A holder in between may have removed the one that was the highest.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (Tokens(directory) is not [.., var token])
                return null;
            try
            {
                return JsonSerializer.Deserialize<LeaseFile>(File.ReadAllText(PathIn(directory, token)), Format) is { Scope: not null, Start: not null, Host: not null } read
                    ? read with { Token = token }
                    : Unreadable(token);
            }
            catch (JsonException)
            {
                return Unreadable(token);
            }
            catch (FileNotFoundException)
            {
            }
        }

        return null;
    }

    /// <summary>Writes it where no lease of this token is yet, or in place of the same one.</summary>
    public void Publish(RunDirectory directory, bool overwrite) =>
        directory.Disk.PublishText(PathIn(directory), JsonSerializer.Serialize(this, Format), overwrite);

    /// <summary>Whether it is certain that nobody works under it: it was given back, or its process has ended.</summary>
    public bool IsOver => Released || (Scope == ProcessIdentity.Scope && !ProcessIdentity.Lives(Process, Start));

    /// <summary>The holder's last sign of life, by the clock of its machine.</summary>
    public DateTimeOffset LastSign(RunDirectory directory) => File.GetLastWriteTimeUtc(PathIn(directory));

    private static string PathIn(RunDirectory directory, long token) =>
        Path.Combine(directory.Path, string.Create(CultureInfo.InvariantCulture, $"{Beginning}{token:d6}"));

    private static LeaseFile Unreadable(long token) => new(token, "an unknown machine", "", 0, "", DateTimeOffset.MinValue, false);
}
