using Grokking.Arithmetic;

namespace Grokking.Host.Configuration;

/// <summary>The largest sizes that are accepted, so that a slip of the keyboard is refused at once and does not fill a machine.</summary>
internal static class Limits
{
    /// <summary>Samples of a data set, p^K.</summary>
    public const int Samples = ArithmeticTask.MaximumTuples;

    /// <summary>Modulus; with more than one operand, the number of samples is the tighter limit.</summary>
    public const int Modulus = 4096;

    /// <summary>Numbers in all weight tensors together: 256 MiB in float64, and with an optimiser's memory, before and after a step, six times that.</summary>
    public const long Weights = 1L << 25;

    /// <summary>Numbers that the filters of the gradient remember together, before and after a step twice that: a gibibyte in float32.</summary>
    public const long Memory = 1L << 27;

    /// <summary>Numbers in one value with a row per sample: what the engine can count, with room for two of them.</summary>
    public const long Elements = 1L << 30;

    /// <summary>Steps of a run: what nine digits of a checkpoint's name can count.</summary>
    public const long Steps = 999_999_999;

    /// <summary>Seeds: the integers that every JSON reader keeps exactly.</summary>
    public const long Seed = 9_007_199_254_740_991;

    /// <summary>Seconds between checkpoints: a year.</summary>
    public const long Seconds = 31_536_000;

    /// <summary>Evaluations per decade of steps.</summary>
    public const int PerDecade = 10_000;

    /// <summary>Threads of the engine.</summary>
    public const int Threads = 1024;

    /// <summary>Bytes of an experiment file.</summary>
    public const long FileBytes = 1 << 20;

    /// <summary>Characters of a name or a task.</summary>
    public const int Characters = 200;
}
