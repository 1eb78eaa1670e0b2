// M × K times K × N
using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using Grokking.Engine.Cpu;

namespace Grokking.Kernels;

/// <summary>A product's sizes and how its left factor lies.</summary>
/// <param name="What">Where the product occurs.</param>
/// <param name="M">Rows.</param>
/// <param name="K">The length summed over.</param>
/// <param name="N">Columns.</param>
/// <param name="TransposeLeft">Whether the left factor lies as [K, M].</param>
public sealed record Product(string What, int M, int K, int N, bool TransposeLeft) : IWork
{
    /// <inheritdoc/>
    public double Operations => 2.0 * M * K * N;

    /// <inheritdoc/>
    public override string ToString() => $"{What} {M}x{K}x{N}";
}

/// <summary>
/// The micro-kernels on one thread, on the tiles of the flagship step and of wider networks. The right factor is packed beforehand, as in a
/// step, where one packing serves many tiles; where the right factor is the tile itself, <see cref="Packing"/> comes on top.
/// </summary>
public unsafe class Products : IDisposable
{
    private readonly Gemm<float> wide = new Blocked<float, Kernel14x2<float>, Kernel14x1<float>, Kernel4x2Of512<float>>();
    private readonly Gemm<float> portable = new Blocked<float, Kernel4x2<float>, Kernel4x1<float>, Kernel4x2<float>>();
    private readonly Gemm<float> half = new Blocked<float, Kernel6x2<float>, Kernel6x1<float>, Kernel4x2<float>>();
    private NativeArray<float> left = new(0);
    private NativeArray<float> right = new(0);
    private NativeArray<float> result = new(0);
    private NativeArray<float> packed = new(0);
    private NativeArray<float> scratch = new(0);

    /// <summary>The products.</summary>
    public static IEnumerable<Product> Sizes =>
    [
        new("logits", 112, 500, 97, false),
        new("gradient of W2", 97, 112, 500, true),
        new("gradient of h", 112, 97, 500, false),
        new("feed-forward", 256, 128, 512, false),
        new("square", 512, 512, 512, false),
    ];

    /// <summary>The product that is computed.</summary>
    [ParamsSource(nameof(Sizes))]
    public Product Size { get; set; } = new("", 1, 1, 1, false);

    /// <summary>Fills the factors and packs the right one.</summary>
    [GlobalSetup(Targets = [nameof(Rows14), nameof(Packing)])]
    public void Prepare14() => Prepare(wide);

    /// <inheritdoc cref="Prepare14"/>
    [GlobalSetup(Target = nameof(Rows4))]
    public void Prepare4() => Prepare(portable);

    /// <inheritdoc cref="Prepare14"/>
    [GlobalSetup(Target = nameof(Rows6))]
    public void Prepare6() => Prepare(half);

    /// <summary>14 × 32, AVX-512.</summary>
    [Benchmark(Baseline = true, Description = "14x32 AVX-512")]
    public void Rows14() => Multiply(wide);

    /// <summary>4 rows × 2 vectors of the runtime's own width.</summary>
    [Benchmark(Description = "4 rows, the runtime's own vectors")]
    public void Rows4() => Multiply(portable);

    /// <summary>6 × 16, AVX2.</summary>
    [Benchmark(Description = "6x16 AVX2")]
    public void Rows6() => Multiply(half);

    /// <summary>The packing of the right factor.</summary>
    [Benchmark(Description = "packing alone")]
    public void Packing() => wide.PackRight(Size.K, Size.N, right.Pointer, Size.N, 1, packed.Pointer);

    /// <summary>Frees the memory.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var array in new[] { left, right, result, packed, scratch })
        {
            array.Dispose();
        }
    }

    private static NativeArray<float> Filled(long length)
    {
        var array = new NativeArray<float>(length);
        var random = new Random(0);
        for (var i = 0L; i < length; i++)
        {
            array.Pointer[i] = random.NextSingle() - 0.5f;
        }

        return array;
    }

    private void Prepare(Gemm<float> gemm)
    {
        if (gemm != half && !Avx512F.IsSupported)
        {
            throw new PlatformNotSupportedException("This processor has no AVX-512; run with --filter *Rows6*.");
        }

        left = Filled((long)Size.M * Size.K);
        right = Filled((long)Size.K * Size.N);
        result = Filled((long)Size.M * Size.N);
        packed = new(gemm.PackedRight(Size.K, Size.N));
        scratch = new(gemm.Scratch);
        gemm.PackRight(Size.K, Size.N, right.Pointer, Size.N, 1, packed.Pointer);
    }

    private void Multiply(Gemm<float> gemm)
    {
        var (row, column) = Size.TransposeLeft ? (1, Size.M) : (Size.K, 1);
        gemm.Multiply(Size.M, Size.K, Size.N, left.Pointer, row, column, packed.Pointer, result.Pointer, Size.N, add: false, scratch.Pointer);
    }
}
