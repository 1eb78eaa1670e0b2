namespace Grokking.Engine;

/// <summary>How samples are divided: into shards of nearly equal size, and each shard into tiles.</summary>
/// <param name="Samples">B; 0 when nothing is in rows.</param>
/// <param name="TileSamples">Samples of a full tile.</param>
/// <param name="Shards">The number of shards.</param>
internal readonly record struct Tiling(int Samples, int TileSamples, int Shards)
{
    /// <summary>Shards of a large batch: enough for several threads to share evenly, few enough that their sums cost little.</summary>
    private const int MostShards = 8;

    /// <summary>A shard below this size is not worth its sums.</summary>
    private const int LeastShard = 32;

    /// <summary>Elements of a tile's buffers: under a megabyte in float32, which second-level caches hold.</summary>
    private const int TileElements = 192 * 1024;

    internal static Tiling For(int samples, int elementsPerSample)
    {
        if (samples == 0)
        {
            return default;
        }

        var shards = Math.Clamp(samples / LeastShard, 1, MostShards);
        var shard = (samples + shards - 1) / shards;
        var fitting = Math.Clamp(TileElements / Math.Max(1, elementsPerSample), 8, 1024);
        var tiles = (shard + fitting - 1) / fitting;
        return new(samples, (shard + tiles - 1) / tiles, shards);
    }
}
