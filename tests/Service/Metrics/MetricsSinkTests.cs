using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;
using Grokking.Service.Files;

namespace Grokking.Service.Metrics;

public sealed class MetricsSinkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Folder run = new();
    private readonly ManualClock clock = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Every_row_is_in_the_joined_file_once_and_in_order()
    {
        using (MetricsSink sink = SampleRun.Sink(run, options: new() { RowsPerPart = 100, Capacity = 8 }))
        {
            foreach (long step in SampleRun.Steps(0, 1050))
                sink.Append(SampleRun.Row(step));
            Assert.Equal(run.File("metrics.parquet"), sink.Complete());
        }

        ParquetTable table = ParquetTable.Open(run.File("metrics.parquet"));
        Assert.Equal(SampleRun.Steps(0, 1050).Select(s => (long?)s), table.Longs("step"));
        Assert.Equal(SampleRun.Expected(0, SampleRun.Steps(0, 1050)), table.Doubles("train_loss"));
        Assert.Equal(SampleRun.Expected(1, SampleRun.Steps(0, 1050)), table.Doubles("test_accuracy"));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1049).AddMicroseconds(7), table.Instants("time")[^1]);
        Assert.All(table.Texts("run_id"), id => Assert.Equal(SampleRun.Id, id));
        Assert.Equal(SampleRun.Metadata, table.Metadata);
        Assert.Equal(11, table.Footer.RowGroups.Length);
        Assert.Equal(11, new MetricsFiles(run.Path, Disk.Real).Parts().Count);
        Assert.Empty(new MetricsFiles(run.Path, Disk.Real).Tails());
    }

    [Fact]
    public void Rows_that_do_not_reach_the_disk_are_a_lag_that_grows_until_they_do()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        using MetricsSink sink = SampleRun.Sink(run, clock: clock, disk: new HookedDisk((call, _) =>
        {
            if (call == FileCall.Write)
                gate.Wait();
        }));
        void Turns(int count)
        {
            for (int i = 0; i < count; i++)
            {
                clock.Advance(new MetricsSinkOptions().FlushEvery);
                Thread.Sleep(20);
            }
        }

        sink.Append(SampleRun.Row(0));
        Turns(10);
        Assert.InRange(sink.Lag.TotalSeconds, 0, 2);
        gate.Reset();
        sink.Append(SampleRun.Row(1));
        Turns(20);
        Assert.InRange(sink.Lag.TotalSeconds, 8, 12);
        sink.Check();
        gate.Set();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Turns(1);
                return sink.Lag.TotalSeconds < 2;
            },
            Patience));
    }

    [Fact]
    public void A_sink_that_cannot_write_is_found_out_before_the_next_row()
    {
        using MetricsSink sink = SampleRun.Sink(run, clock: clock);
        sink.Append(SampleRun.Row(0));
        Assert.True(SpinWait.SpinUntil(() => new MetricsFiles(run.Path, Disk.Real).Tails().Count > 0, Patience));
        sink.Check();
        File.Delete(new MetricsFiles(run.Path, Disk.Real).Tail(0));
        MetricsFailedException? failed = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                failed = Record.Exception(sink.Check) as MetricsFailedException;
                return failed is not null;
            },
            Patience));
        Assert.Contains("was removed while it was written", failed!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_rows_has_an_empty_table()
    {
        using MetricsSink sink = SampleRun.Sink(run);
        Assert.Equal(0, sink.Seal());
        ParquetTable table = ParquetTable.Open(sink.Complete());
        Assert.Equal(0, table.RowCount);
        Assert.True(table.Schema.HasColumnsOf(SampleRun.Schema.Columns));
    }

    [Fact]
    public void What_was_appended_before_a_seal_is_in_a_part_when_it_returns()
    {
        using MetricsSink sink = SampleRun.Sink(run, clock: clock);
        foreach (long step in SampleRun.Steps(0, 25))
            sink.Append(SampleRun.Row(step));
        Assert.Equal(1, sink.Seal());
        Assert.Equal(25, ParquetTable.Open(new MetricsFiles(run.Path, Disk.Real).Part(0)).RowCount);
        Assert.Equal(1, sink.Seal());
        sink.Append(SampleRun.Row(25));
        Assert.Equal(2, sink.Seal());
    }

    [Fact]
    public async Task A_row_is_in_the_tail_after_a_tick_and_in_a_part_after_its_time()
    {
        // An hour in place of half a minute: the clock below may have to tick often before the other thread has its turn.
        using MetricsSink sink = SampleRun.Sink(run, options: new() { SealAfter = TimeSpan.FromHours(1) }, clock: clock);
        var files = new MetricsFiles(run.Path, Disk.Real);
        sink.Append(SampleRun.Row(0));
        sink.Append(SampleRun.Row(1));
        await Until(() => File.Exists(files.Tail(0)));
        await Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return MetricsTail.Read(files.Tail(0), SampleRun.Schema).Rows.Count == 2;
        });
        Assert.Empty(files.Parts());
        Assert.Equal(SampleRun.Steps(0, 2), MetricsHistory.Open(run.Path).Steps);
        Assert.Equal(SampleRun.Expected(0, 0, 1), MetricsHistory.Open(run.Path).Numbers("train_loss"));

        await Until(() =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return files.Parts().Count == 1 && files.Tails().Count == 0;
        });
        Assert.Equal(SampleRun.Steps(0, 2), MetricsHistory.Open(run.Path).Steps);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_where_they_come_from()
    {
        using MetricsSink sink = SampleRun.Sink(run);
        Assert.Contains("has 2 numbers for 3 columns", Assert.Throws<ArgumentException>(() => sink.Append(SampleRun.Row(5) with { Values = [1, 2] })).Message, StringComparison.Ordinal);
        Assert.Contains("'train_loss', which every row must have", Assert.Throws<ArgumentException>(() => sink.Append(SampleRun.Row(5) with { Values = [null, 2, 3] })).Message, StringComparison.Ordinal);
        sink.Append(SampleRun.Row(6));
        Assert.Equal(1, ParquetTable.Open(sink.Complete()).RowCount);
    }

    [Fact]
    public async Task A_tail_that_cannot_be_written_fails_the_trainer_and_nobody_hangs()
    {
        using MetricsSink sink = SampleRun.Sink(run, options: new() { Capacity = 4 }, disk: new HookedDisk((call, path) =>
        {
            if (call == FileCall.Create && path.EndsWith(".jsonl", StringComparison.Ordinal))
                throw new IOException("No space left on device");
        }));
        MetricsFailedException fault = await Within(() =>
        {
            for (long step = 0; ; step++)
                sink.Append(SampleRun.Row(step));
        });
        Assert.Equal($"The metrics of run {SampleRun.Id} cannot be written any more: No space left on device", fault.Message);
        await Within(() => sink.Seal());
        await Within(sink.Stop);
        await Within(() => sink.Complete());
        Assert.True(sink.Completion.IsFaulted);
        Assert.False(File.Exists(run.File("metrics.parquet")));
    }

    [Fact]
    public async Task A_trainer_and_a_seal_that_already_wait_are_told_too()
    {
        var stall = new Stall();
        using MetricsSink sink = SampleRun.Sink(run, options: new() { Capacity = 2, RowsPerPart = 1000 }, disk: stall.Disk);
        Task trainer = Task.Run(() =>
        {
            for (long step = 0; step < 100; step++)
                sink.Append(SampleRun.Row(step));
        });
        await stall.Reached.WaitAsync(Patience);
        // The trainer fills the queue and waits; then somebody asks for a seal.
        await Task.Delay(100);
        Assert.False(trainer.IsCompleted);
        Task<int> seal = Task.Run(sink.Seal);
        await Task.Delay(50);
        stall.Break();
        await Assert.ThrowsAsync<MetricsFailedException>(() => trainer.WaitAsync(Patience));
        await Assert.ThrowsAsync<MetricsFailedException>(() => seal.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_seal_that_stands_in_the_queue_when_the_disk_breaks_is_told_too()
    {
        var stall = new Stall();
        using MetricsSink sink = SampleRun.Sink(run, options: new() { Capacity = 100 }, disk: stall.Disk);
        sink.Append(SampleRun.Row(0));
        await stall.Reached.WaitAsync(Patience);
        Task<int>[] seals = [Task.Run(sink.Seal), Task.Run(sink.Seal)];
        await Task.Delay(50);
        stall.Break();
        foreach (Task<int> seal in seals)
            await Assert.ThrowsAsync<MetricsFailedException>(() => seal.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_stalled_disk_makes_the_trainer_wait_and_loses_nothing()
    {
        var stall = new Stall();
        using MetricsSink sink = SampleRun.Sink(run, options: new() { Capacity = 16 }, disk: stall.Disk);
        int appended = 0;
        Task trainer = Task.Run(() =>
        {
            for (; appended < 500; appended++)
                sink.Append(SampleRun.Row(appended));
        });
        await stall.Reached.WaitAsync(Patience);
        await Task.Delay(100);
        Assert.False(trainer.IsCompleted);
        Assert.InRange(appended, 1, 18);
        stall.Release();
        await trainer.WaitAsync(Patience);
        Assert.Equal(SampleRun.Steps(0, 500).Select(s => (long?)s), ParquetTable.Open(sink.Complete()).Longs("step"));
    }

    [Fact]
    public async Task A_part_that_cannot_be_published_is_tried_again_and_nothing_is_lost()
    {
        bool full = true;
        using MetricsSink sink = SampleRun.Sink(run, options: new() { RowsPerPart = 10, SealAttempts = 1000 }, clock: clock, disk: WithoutRoomForParts(() => full));
        var files = new MetricsFiles(run.Path, Disk.Real);
        foreach (long step in SampleRun.Steps(0, 15))
            sink.Append(SampleRun.Row(step));
        Assert.Throws<MetricsFailedException>(() => sink.Seal());
        Assert.Empty(files.Parts());

        full = false;
        await Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return files.Parts().Count == 1;
        });
        Assert.Equal(15, ParquetTable.Open(sink.Complete()).RowCount);
    }

    [Fact]
    public async Task A_part_that_can_never_be_published_fails_the_run_and_its_rows_stay_in_the_tail()
    {
        var files = new MetricsFiles(run.Path, Disk.Real);
        using MetricsSink sink = SampleRun.Sink(run, options: new() { RowsPerPart = 10, SealAttempts = 3 }, clock: clock, disk: WithoutRoomForParts(() => true));
        foreach (long step in SampleRun.Steps(0, 12))
            sink.Append(SampleRun.Row(step));
        await Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return sink.Completion.IsCompleted;
        });
        await Within(() => sink.Append(SampleRun.Row(12)));
        Assert.Equal(12, MetricsTail.Read(files.Tail(0), SampleRun.Schema).Rows.Count);
    }

    [Fact]
    public void Nothing_can_be_appended_after_the_end()
    {
        using MetricsSink sink = SampleRun.Sink(run);
        sink.Stop();
        Assert.Throws<InvalidOperationException>(() => sink.Append(SampleRun.Row(0)));
    }

    private static async Task<MetricsFailedException> Within(Action action) =>
        await Assert.ThrowsAsync<MetricsFailedException>(() => Task.Run(action).WaitAsync(Patience));

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(5, patience.Token);
    }

    private static HookedDisk WithoutRoomForParts(Func<bool> full) => new((call, path) =>
    {
        if (call == FileCall.Create && path.EndsWith(".tmp", StringComparison.Ordinal) && full())
            throw new IOException("No space left on device");
    });

    /// <summary>A disk that does not answer when the tail is opened until it is released, or that breaks.</summary>
    private sealed class Stall
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Disk Disk => new HookedDisk((call, path) =>
        {
            if (call != FileCall.Create || !path.EndsWith(".jsonl", StringComparison.Ordinal))
                return;
            reached.TrySetResult();
            released.Task.GetAwaiter().GetResult();
        });

        public Task Reached => reached.Task;

        public void Release() => released.SetResult();

        public void Break() => released.SetException(new IOException("I/O error"));
    }
}
