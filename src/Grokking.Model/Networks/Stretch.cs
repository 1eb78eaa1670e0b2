using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// B samples, R rows, T tokens, t tokens of a stretch, d width

/// <summary>
/// Neighbouring tokens of all samples, cut out where samples begin alike: what causal attention makes of a beginning is the same for all samples that share it, so that it is worked out once for each of R rows, among which samples choose.
/// </summary>
/// <typeparam name="T">The reading of the algebra.</typeparam>
/// <param name="Tokens">t.</param>
/// <param name="Choice">The row of each sample; null where each has its own, R = B.</param>
/// <param name="Pieces">The tokens as they are known, [..., d]: all in their places already, or a table for each place.</param>
/// <param name="Place">Puts pieces in their places: [R, t, w].</param>
internal sealed record Stretch<T>(int Tokens, Indices? Choice, ImmutableArray<T> Pieces, Func<ImmutableArray<T>, T> Place)
    where T : ITensor<T>
{
    /// <summary>The tokens [R, t, d].</summary>
    internal T Rows => Place(Pieces);

    /// <summary>Tokens that are in their places, [R, t, d].</summary>
    internal static Stretch<T> Of(T rows, Indices? choice) => new(rows.Shape[1], choice, [rows], pieces => pieces[0]);

    /// <summary>The same tokens through a function of single tokens, [..., d] to [..., w].</summary>
    internal Stretch<T> Then(Func<T, T> function) => this with { Pieces = [.. Pieces.Select(function)] };

    /// <summary>Other tokens in the same rows.</summary>
    internal Stretch<T> With(T rows) => Of(rows, Choice);

    /// <summary>Rows [R, t, w] as the samples choose them: [B, t, w].</summary>
    internal T Chosen(T rows) => Choice is null ? rows : Tensor.Reshape(
        Tensor.Gather(Tensor.Reshape(rows, Shape.Of(rows.Shape[0], Tokens * rows.Shape[2])), Choice), Shape.Of(Choice.Count, Tokens, rows.Shape[2]));

    /// <summary>Tensors [B, t, w] one after the other along the tokens.</summary>
    internal static T Joined(params ImmutableArray<T> parts)
    {
        var length = parts.Sum(part => part.Shape[1]);
        var start = 0;
        return parts.Length == 1 ? parts[0] : parts.Select(part => Tensor.Pad(part, 1, (start += part.Shape[1]) - part.Shape[1], length)).Aggregate((sum, next) => sum + next);
    }
}
