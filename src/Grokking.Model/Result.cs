namespace Grokking;

/// <summary>
/// A value, or the one sentence that says why there is none. What a user's input can cause is answered this way;
/// exceptions are kept for a caller's bug.
/// </summary>
/// <typeparam name="T">What is there when all went well.</typeparam>
public abstract record Result<T>
{
    private Result() { }

    /// <summary>All went well.</summary>
    /// <param name="Value">The value asked for.</param>
    public sealed record Success(T Value) : Result<T>;

    /// <summary>There is no value.</summary>
    /// <param name="Reason">One sentence (or a short text) for the user: the place, the value found, and what is allowed.</param>
    public sealed record Failure(string Reason) : Result<T>;

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded => this is Success;

    /// <summary>Answers with one of two functions, so that neither case can be forgotten.</summary>
    /// <typeparam name="TAnswer">The type of the answer.</typeparam>
    /// <param name="success">Applied to the value.</param>
    /// <param name="failure">Applied to the reason.</param>
    /// <returns>What the function of the present case returned.</returns>
    public TAnswer Match<TAnswer>(Func<T, TAnswer> success, Func<string, TAnswer> failure)
    {
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return this switch
        {
            Success present => success(present.Value),
            Failure absent => failure(absent.Reason),
            _ => throw new InvalidOperationException("a result is a success or a failure"),
        };
    }

    /// <summary>Applies a function to the value; a failure passes through.</summary>
    /// <typeparam name="TNext">What the function returns.</typeparam>
    /// <param name="next">The function.</param>
    /// <returns>The function's result, or the same failure.</returns>
    public Result<TNext> Map<TNext>(Func<T, TNext> next) =>
        Match<Result<TNext>>(value => new Result<TNext>.Success(next(value)), reason => new Result<TNext>.Failure(reason));

    /// <summary>Applies a function that may fail itself; a failure passes through.</summary>
    /// <typeparam name="TNext">The value of what the function returns.</typeparam>
    /// <param name="next">The function.</param>
    /// <returns>The function's result, or the same failure.</returns>
    public Result<TNext> Bind<TNext>(Func<T, Result<TNext>> next) => Match(next, reason => new Result<TNext>.Failure(reason));

    /// <summary>The value, for callers who know that it is there (a preset of our own, a test).</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">There is none; the message is the reason.</exception>
    public T OrThrow() => Match(value => value, reason => throw new InvalidOperationException(reason));
}

/// <summary>Makes results without naming their type twice.</summary>
public static class Result
{
    /// <summary>All went well.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The success.</returns>
    public static Result<T> Success<T>(T value) => new Result<T>.Success(value);

    /// <summary>There is no value.</summary>
    /// <typeparam name="T">The type of the value that is missing.</typeparam>
    /// <param name="reason">Why, in one sentence for the user.</param>
    /// <returns>The failure.</returns>
    public static Result<T> Failure<T>(string reason) => new Result<T>.Failure(reason);
}
