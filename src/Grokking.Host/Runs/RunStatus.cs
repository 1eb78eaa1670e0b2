namespace Grokking.Host.Runs;

/// <summary>How a run stands.</summary>
internal enum RunStatus
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>A process trains it.</summary>
    Running,

    /// <summary>Stopped by somebody's wish; resumable.</summary>
    Paused,

    /// <summary>Stopped by nobody's wish: a signal, a crash, a power cut; resumable.</summary>
    Interrupted,

    /// <summary>Done; the stop reason says how.</summary>
    Completed,

    /// <summary>A fault ended it; resumable once its cause is gone.</summary>
    Failed,

    /// <summary>Given up by somebody's wish; its files are kept.</summary>
    Cancelled,
}
