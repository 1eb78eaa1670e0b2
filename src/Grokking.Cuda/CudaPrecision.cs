namespace Grokking.Cuda;

/// <summary>The arithmetic of matrix products on the device. All else is float32; sums are taken in float64.</summary>
public enum CudaPrecision
{
    /// <summary>Factors rounded to TF32, 10 bits of fraction; sums in float32.</summary>
    Tf32,

    /// <summary>Three TF32 products for each, which together are as exact as float32.</summary>
    Single,
}
