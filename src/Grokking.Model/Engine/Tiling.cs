namespace Grokking.Engine;

/// <summary>What samples are divided for.</summary>
internal enum Division
{
    /// <summary>Into tiles that a cache holds, in shards that threads share.</summary>
    ForCaches,

    /// <summary>Not at all: one shard of one tile, for a machine that works on all samples at once.</summary>
    Undivided,
}

/// <summary>How samples are divided: into shards of nearly equal size, and each shard into tiles.</summary>
/// <param name="Samples">B; 0 when nothing is in rows.</param>
/// <param name="Block">Shards and tiles begin at multiples of so many samples.</param>
/// <param name="TileSamples">Samples of a full tile.</param>
/// <param name="Shards">The number of shards.</param>
internal sealed record Tiling(int Samples, int Block, int TileSamples, int Shards)
{
    /// <summary>Shards of a large batch: enough for several threads to share evenly, few enough that their sums cost little.</summary>
    private const int MostShards = 8;

    /// <summary>A shard below so many samples is not worth its sums; of samples of many rows, such as the tokens of a sequence, fewer are.</summary>
    private const int LeastShard = 32;

    /// <summary>So many rows of a sample make it worth more than one sample of one row.</summary>
    private const int FewRows = 3;

    /// <summary>Elements of a tile's buffers: under a megabyte in float32, which second-level caches hold.</summary>
    private const int TileElements = 192 * 1024;

    /// <summary>A multiple of the rows of the kernels (14, 4, almost 6), so that large batches leave few incomplete blocks of rows.</summary>
    private const int KernelRows = 56;

    /// <summary>Nothing is in rows: everything runs once, as a whole.</summary>
    public static Tiling None { get; } = new(0, 1, 0, 0);

    /// <summary>All samples in one tile of one shard.</summary>
    internal static Tiling Whole(int samples) => new(samples, 1, samples, 1);

    /// <summary>The first sample of a shard; that of the shard after the last is B.</summary>
    /// <remarks>The larger shards come first, so that threads which take one after the other end together.</remarks>
    public int ShardStart(int shard)
    {
        var (each, more) = Math.DivRem((Samples + Block - 1) / Block, Shards);
        return Math.Min(Samples, ((shard * each) + Math.Min(shard, more)) * Block);
    }

    /// <summary>The division of a batch. It depends on nothing but these numbers.</summary>
    /// <remarks>
    /// Every tile reads all weights and adds to all their gradients. A tile larger than the cache is cheaper than weights larger than the cache that are read for few samples.
    /// </remarks>
    /// <param name="samples">B.</param>
    /// <param name="elementsPerSample">Elements of a tile's buffers for each sample.</param>
    /// <param name="rowsPerSample">The most rows that a value has for each sample.</param>
    /// <param name="gradientElements">Elements of the sums over samples that each tile adds to.</param>
    internal static Tiling For(int samples, int elementsPerSample, int rowsPerSample, long gradientElements)
    {
        var shards = (int)Math.Clamp((long)samples * Math.Max(FewRows, rowsPerSample) / (FewRows * LeastShard), 1, Math.Min(samples, MostShards));
        var block = samples >= MostShards * KernelRows ? KernelRows : 1;
        var shard = (samples + shards - 1) / shards;
        var fitting = (int)Math.Clamp(Math.Max(TileElements, 2 * gradientElements) / Math.Max(1, elementsPerSample), 8, 1024);
        var tiles = (shard + fitting - 1) / fitting;
        var tile = (shard + tiles - 1) / tiles;
        return new(samples, block, Math.Max(1, (tile + (block / 2)) / block) * block, shards);
    }
}
