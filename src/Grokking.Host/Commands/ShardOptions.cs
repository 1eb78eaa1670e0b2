using System.CommandLine;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary>Which part of a sweep a process trains: <c>--shard 3/8</c> says it whole, <c>--shards 8</c> leaves the index to the scheduler's environment.</summary>
internal sealed class ShardOptions
{
    private readonly Option<string?> shard = new("--shard")
    {
        Description = "Trains one of COUNT parts of the sweep, 0/COUNT being the first; each run is in one of them.",
        HelpName = "INDEX/COUNT",
    };

    private readonly Option<long?> shards = NumberOption.Create(
        "--shards", 1, SweepLimits.Runs, $"The same with the index from {string.Join(" or ", Shard.Variables)}, the first that is set.", "COUNT");

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(shard);
        command.Add(shards);
    }

    /// <summary>The part that was asked for; null for the whole.</summary>
    public Result<Shard?> Of(ParseResult parsed) => (parsed.GetValue(shard), parsed.GetValue(shards)) switch
    {
        ({ }, { }) => Result.Failure<Shard?>("--shard and --shards are given; --shard INDEX/COUNT says both numbers, --shards COUNT takes the index from the scheduler."),
        ({ } text, null) => Shard.Parse("--shard", text).Map(part => (Shard?)part),
        (null, { } count) => Shard.FromEnvironment("--shards", count, Environment.GetEnvironmentVariable).Map(part => (Shard?)part),
        _ => Result.Success<Shard?>(null),
    };
}
