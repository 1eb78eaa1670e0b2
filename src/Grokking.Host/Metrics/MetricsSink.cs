using System.Threading.Channels;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Metrics;

/// <summary>
/// Takes rows from the trainer and writes them: one task owns the segments, the trainer only hands rows over. What is true: a row that was appended
/// before a seal is in a part when the seal returns; a sink that cannot write fails every later call with the reason, and lets nobody wait for ever.
/// </summary>
internal sealed class MetricsSink : IDisposable
{
    // Between two looks at the clock.
    private const int RowsPerTurn = 1024;

    private readonly Channel<Message> queue;
    private readonly MetricsSchema schema;
    private readonly MetricsSegments segments;
    private readonly MetricsSinkOptions options;
    private readonly TimeProvider clock;
    private readonly string run;
    private readonly Task consumer;
    private long firstOpenRow;
    private long caughtUp;
    private long lastTaken;
    private int failures;

    /// <summary>Starts a sink.</summary>
    /// <param name="segments">The run's segments; the sink owns them from now on.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="options">When to do what.</param>
    /// <param name="clock">The time.</param>
    public MetricsSink(MetricsSegments segments, MetricsSchema schema, string run, MetricsSinkOptions options, TimeProvider clock)
    {
        (this.segments, this.schema, this.run, this.options, this.clock) = (segments, schema, run, options, clock);
        queue = Channel.CreateBounded<Message>(
            new BoundedChannelOptions(options.Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        caughtUp = clock.GetTimestamp();
        consumer = Task.Run(ConsumeAsync);
    }

    /// <summary>How long ago every row was on its way to the disk: at most about <see cref="MetricsSinkOptions.FlushEvery"/> unless the disk, or whoever writes, is stuck.</summary>
    public TimeSpan Lag => clock.GetElapsedTime(Interlocked.Read(ref caughtUp));

    /// <summary>Ends when the sink has ended; faulted if it could not write.</summary>
    public Task Completion => consumer;

    /// <summary>Opens the metrics of a run that begins or resumes.</summary>
    /// <param name="files">Where.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="columns">The measured columns, all doubles, fixed for the whole run.</param>
    /// <param name="metadata">What the files say about their origin.</param>
    /// <param name="watermark">The checkpoint's watermark; 0 to begin from nothing. What lies beyond it is set aside.</param>
    /// <param name="clock">The time.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="DamagedFileException">A part that counts is missing, damaged, or has other columns.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static MetricsSink Open(
        MetricsFiles files,
        string run,
        IEnumerable<ParquetColumn> columns,
        IReadOnlyList<KeyValuePair<string, string>> metadata,
        int watermark,
        TimeProvider clock)
    {
        var schema = new MetricsSchema(columns);
        MetricsSegments segments = MetricsSegments.Begin(files, schema, run, metadata, watermark);
        return new MetricsSink(segments, schema, run, new MetricsSinkOptions(), clock);
    }

    /// <summary>Hands a row over. Returns at once unless the disk is behind by the whole capacity; then it waits.</summary>
    /// <param name="row">The row; its step is above all earlier ones.</param>
    /// <exception cref="ArgumentException">The row does not fit the columns.</exception>
    /// <exception cref="MetricsFailedException">The sink could not write.</exception>
    public void Append(MetricsRow row)
    {
        schema.Check(row);
        Send(new Row(row, clock.GetTimestamp()));
    }

    /// <summary>Makes sure that the sink can still write, long before the next row may have to tell.</summary>
    /// <exception cref="MetricsFailedException">It cannot.</exception>
    public void Check()
    {
        if (consumer.Exception is { InnerException: { } fault })
            throw new MetricsFailedException(run, fault);
    }

    /// <summary>Publishes every row appended so far. A checkpoint is written after this, never before.</summary>
    /// <returns>The watermark for the checkpoint: how many parts count.</returns>
    /// <exception cref="MetricsFailedException">The part could not be written; it may be tried again.</exception>
    public int Seal()
    {
        var request = new SealRequest();
        Send(request);
        return request.Watermark.Task.GetAwaiter().GetResult();
    }

    /// <summary>Publishes what is left and ends.</summary>
    /// <exception cref="MetricsFailedException">Not everything could be written.</exception>
    public void Stop()
    {
        queue.Writer.TryComplete();
        try
        {
            consumer.GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            throw new MetricsFailedException(run, fault);
        }
    }

    /// <summary>Publishes what is left, ends, and joins all parts into one file; the parts stay.</summary>
    /// <returns>The joined file, `metrics.parquet` in the run's directory.</returns>
    /// <exception cref="MetricsFailedException">Not everything could be written.</exception>
    public string Complete()
    {
        Stop();
        try
        {
            return segments.Join();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MetricsFailedException(run, fault);
        }
    }

    /// <summary>
    /// Publishes what is left and ends, without complaint: whoever needs to know calls <see cref="Stop"/> or <see cref="Complete"/> first.
    /// </summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        ((IAsyncResult)consumer).AsyncWaitHandle.WaitOne();
    }

    private void Send(Message message)
    {
        try
        {
            if (!queue.Writer.TryWrite(message))
                queue.Writer.WriteAsync(message).AsTask().GetAwaiter().GetResult();
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException is { } fault
                ? new MetricsFailedException(run, fault)
                : new InvalidOperationException("The metrics have ended; no row can follow.");
        }
    }

    private async Task ConsumeAsync()
    {
        try
        {
            await ConsumeRowsAsync().ConfigureAwait(false);
            segments.Seal();
        }
        catch (Exception fault)
        {
            // From here on every writer, waiting or new, gets the fault; and those that wait for an answer get it too.
            queue.Writer.TryComplete(fault);
            while (queue.Reader.TryRead(out Message? message))
                (message as SealRequest)?.Watermark.TrySetException(new MetricsFailedException(run, fault));
            throw;
        }
        finally
        {
            CloseQuietly();
        }
    }

    private async Task ConsumeRowsAsync()
    {
        using var timer = new PeriodicTimer(options.FlushEvery, clock);
        Task<bool> tick = timer.WaitForNextTickAsync().AsTask();
        Task<bool> more = queue.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            await Task.WhenAny(more, tick).ConfigureAwait(false);
            if (tick.IsCompleted)
            {
                tick = timer.WaitForNextTickAsync().AsTask();
                Tick();
            }

            if (!more.IsCompleted)
                continue;
            if (!await more.ConfigureAwait(false))
                return;
            for (int i = 0; i < RowsPerTurn && queue.Reader.TryRead(out Message? message); i++)
                Handle(message);
            more = queue.Reader.WaitToReadAsync().AsTask();
        }
    }

    private void Handle(Message message)
    {
        switch (message)
        {
            case Row row:
                if (segments.OpenRows == 0)
                    firstOpenRow = clock.GetTimestamp();
                segments.Append(row.Content);
                lastTaken = row.Appended;
                // After a failure the next attempt is the clock's, not the next row's.
                if (segments.OpenRows >= options.RowsPerPart && failures == 0)
                    TrySeal();
                break;
            case SealRequest request:
                Answer(request);
                break;
        }
    }

    private void Tick()
    {
        long now = clock.GetTimestamp();
        bool all = queue.Reader.Count == 0;
        segments.Flush();
        // Rows that came since wait for the next turn, which is another matter than one that does not come.
        Interlocked.Exchange(ref caughtUp, all ? now : Math.Max(Interlocked.Read(ref caughtUp), lastTaken));
        bool due = failures > 0 || segments.OpenRows >= options.RowsPerPart || clock.GetElapsedTime(firstOpenRow) >= options.SealAfter;
        if (segments.OpenRows > 0 && due)
            TrySeal();
    }

    // A full disk may be emptied: nothing is lost as long as the tail can be written.
    private void TrySeal()
    {
        try
        {
            segments.Seal();
            failures = 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException && ++failures < options.SealAttempts)
        {
        }
    }

    private void Answer(SealRequest request)
    {
        try
        {
            request.Watermark.TrySetResult(segments.Seal());
            failures = 0;
        }
        catch (Exception fault)
        {
            // Whoever asked is told in any case, or it would wait for ever.
            request.Watermark.TrySetException(new MetricsFailedException(run, fault));
            if (fault is not (IOException or UnauthorizedAccessException))
                throw;
        }
    }

    private void CloseQuietly()
    {
        try
        {
            segments.Dispose();
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // Either everything is in parts, or the reason is on its way to the trainer already.
        }
    }

    private abstract record Message;

    private sealed record Row(MetricsRow Content, long Appended) : Message;

    private sealed record SealRequest : Message
    {
        public TaskCompletionSource<int> Watermark { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
