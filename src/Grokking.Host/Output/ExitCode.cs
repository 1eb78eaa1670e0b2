namespace Grokking.Host.Output;

/// <summary>What the program tells whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A run, a fact or the program itself failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration is wrong; nothing was begun.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted; resumable (EX_TEMPFAIL of sysexits.h).</summary>
    public const int Interrupted = 75;
}
