namespace Grokking.Cuda.Driver;

/// <summary>The driver refused a call.</summary>
public class CudaException : Exception
{
    /// <summary>The driver's code for no more memory.</summary>
    internal const int OutOfMemory = 2;

    /// <summary>An exception with a message.</summary>
    public CudaException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with the driver's code.</summary>
    internal CudaException(int code, string message)
        : base(message) => Code = code;

    /// <summary>The driver's code (CUresult); 0 where it did not come from the driver.</summary>
    public int Code { get; }

    /// <summary>Whether device memory was wanting.</summary>
    public bool IsOutOfMemory => Code == OutOfMemory;
}

/// <summary>
/// The device is lost to this process: a fault on it, or its disappearance, has ended its context. Nothing of what it held can be read any more; whoever has a state goes on
/// with it elsewhere.
/// </summary>
public sealed class DeviceLostException : CudaException
{
    /// <summary>An exception with a message.</summary>
    public DeviceLostException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with the driver's code.</summary>
    internal DeviceLostException(int code, string message)
        : base(code, message)
    {
    }
}
