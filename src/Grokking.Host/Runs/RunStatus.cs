namespace Grokking.Host.Runs;

/// <summary>How a run stands.</summary>
internal enum RunStatus
{
    /// <summary>Waits for a service to take it up, from its beginning or from where it was left.</summary>
    Queued,

    /// <summary>A process trains it.</summary>
    Running,

    /// <summary>A process trains it and has been asked to rest; never written, for the wish is a file of its own.</summary>
    Pausing,

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
