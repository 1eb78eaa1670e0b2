using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Networks;

// p modulus, V vocabulary, K operands, T tokens of a sequence, B batch, d width

/// <summary>How a sample is written as a sequence of tokens.</summary>
public enum Notation
{
    /// <summary><c>x1 ∘ x2 … ∘ xK =</c>: an operator between operands, 2K tokens; ∘ is token p and = is p + 1.</summary>
    Infix,

    /// <summary>
    /// As the source's program writes it: beyond two operands an operator follows the last one too, <c>x1 ∘ … xK ∘ =</c>, 2K + 1 tokens; = is token p and ∘ is p + 1.
    /// </summary>
    AsCoded,
}

/// <summary>
/// Samples as sequences of tokens, and their embedding: the rows of a table of V = p + 2 tokens (the residues, ∘ and =) plus the rows of a table
/// of positions. What follows reads the network's answer at =, the last token.
/// </summary>
/// <remarks>The table of positions has 2K + 1 rows in either notation, as the source's has; a shorter sequence leaves the last row unused.</remarks>
/// <param name="Modulus">p.</param>
/// <param name="Operands">K.</param>
/// <param name="Notation">How they are written.</param>
internal sealed record TokenSequence(int Modulus, int Operands, Notation Notation)
{
    internal const string TokenTable = "token_embedding";

    internal const string PositionTable = "position_embedding";

    /// <summary>V.</summary>
    internal int Vocabulary => Modulus + 2;

    /// <summary>The first operand and the sign after it.</summary>
    internal const int SharedLength = 2;

    /// <summary>T.</summary>
    internal int Length => (2 * Operands) + (IsStray ? 1 : 0);

    private bool IsStray => Notation == Notation.AsCoded && Operands > 2;

    private int OperatorToken => Notation == Notation.AsCoded ? Modulus + 1 : Modulus;

    private int EqualsToken => Notation == Notation.AsCoded ? Modulus : Modulus + 1;

    /// <summary>The two tables, [V, d] and [2K + 1, d], both N(0, 1) at the start.</summary>
    internal IEnumerable<ParameterSpecification> Tables(int width) =>
    [
        new(TokenTable, Shape.Of(Vocabulary, width), 1) { Role = ParameterRole.Embedding },
        new(PositionTable, Shape.Of((2 * Operands) + 1, width), 1) { Role = ParameterRole.Embedding },
    ];

    /// <summary>The embedding, [B, T, d].</summary>
    internal T Embed<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var table = weights[TokenTable];
        var width = table.Shape[1];
        var operands = batch.Operands
            .Select((operand, k) => Tensor.Pad(Tensor.Reshape(Tensor.Gather(table, operand.Into(Vocabulary)), Shape.Of(batch.Size, 1, width)), 1, 2 * k, Length))
            .Aggregate((sum, next) => sum + next);
        return operands + SignsAndPositions(weights);
    }

    /// <summary>Whether the first operand and the sign after it are worked out once for each residue, and not once for each sample. At as many samples as tokens this takes longer, at five times as many a fifth less.</summary>
    internal bool Shares(Batch batch) => Operands > 1 && !batch.LooksUpFirst && batch.Size >= 4 * Vocabulary;

    /// <summary>The embedding in two stretches: the first operand and the sign after it for every residue, and what follows for every sample.</summary>
    /// <param name="weights">The tables.</param>
    /// <param name="batch">B samples of at least two operands.</param>
    internal ImmutableArray<Stretch<T>> EmbedShared<T>(Parameters<T> weights, Batch batch)
        where T : ITensor<T>
    {
        var table = weights[TokenTable];
        Stretch<T> Of(int from, int count, int rows, Indices? choice, T operands, Func<T, int, T> looked) => new(
            count,
            choice,
            [.. Enumerable.Range(from, count).Select(place => Token(weights, place, operands))],
            pieces => Stretch<T>.Joined([.. pieces.Select((piece, i) => Tensor.Reshape(
                IsOperand(from + i) ? looked(piece, (from + i) / 2) : ForEach(piece, rows), Shape.Of(rows, 1, piece.Shape[1])))]));
        return
        [
            Of(0, SharedLength, Modulus, batch.Operands[0], Residues(table), (piece, _) => piece),
            Of(SharedLength, Length - SharedLength, batch.Size, null, table, (piece, k) => Tensor.Gather(piece, batch.Operands[k].Into(Vocabulary))),
        ];
    }

    /// <summary>A layer of one token of each sample with its position, [B, …].</summary>
    /// <remarks>The layer acts row by row, so it is applied once for each token of the table where that are fewer than the samples.</remarks>
    /// <param name="weights">The tables.</param>
    /// <param name="batch">B samples.</param>
    /// <param name="place">Which token, from 0.</param>
    /// <param name="layer">A function of each row [d].</param>
    internal T EmbedOne<T>(Parameters<T> weights, Batch batch, int place, Func<T, T> layer)
        where T : ITensor<T>
    {
        var table = weights[TokenTable];
        if (!IsOperand(place))
        {
            return ForEach(layer(Token(weights, place, table)), batch.Size);
        }

        var operand = batch.Operands[place / 2].Into(Vocabulary);
        return batch.Size > Vocabulary ? Tensor.Gather(layer(Token(weights, place, table)), operand) : layer(Token(weights, place, Tensor.Gather(table, operand)));
    }

    /// <summary>A layer of one of the first two tokens with its position, for every residue that the first operand can have: [p, …].</summary>
    internal T EmbedResidues<T>(Parameters<T> weights, int place, Func<T, T> layer)
        where T : ITensor<T> => ForEach(layer(Token(weights, place, Residues(weights[TokenTable]))), Modulus);

    /// <summary>A token with its position: a row for each of the given operands, or the one of the sign that stands there.</summary>
    private T Token<T>(Parameters<T> weights, int place, T operands)
        where T : ITensor<T> => (IsOperand(place) ? operands : Row(weights[TokenTable], Sign(place))) + Row(weights[PositionTable], place);

    /// <summary>The rows of the operands in the table of tokens, [p, d].</summary>
    private T Residues<T>(T table)
        where T : ITensor<T> => Tensor.Slice(table, 0, 0, Modulus);

    /// <summary>One row for all, or as many as there are already.</summary>
    private static T ForEach<T>(T token, int rows)
        where T : ITensor<T> => Tensor.BroadcastTo(token, token.Shape.With(0, rows));

    /// <summary>What of the embedding is the same for all samples, [T, d]: the positions, and the signs where they stand.</summary>
    private T SignsAndPositions<T>(Parameters<T> weights)
        where T : ITensor<T> => Enumerable.Range(0, Length).Where(place => !IsOperand(place))
            .Select(place => Tensor.Pad(Row(weights[TokenTable], Sign(place)), 0, place, Length))
            .Aggregate(Tensor.Slice(weights[PositionTable], 0, 0, Length), (sum, sign) => sum + sign);

    private bool IsOperand(int place) => place % 2 == 0 && place < 2 * Operands;

    private int Sign(int place) => place == Length - 1 ? EqualsToken : OperatorToken;

    private static T Row<T>(T table, int row)
        where T : ITensor<T> => Tensor.Slice(table, 0, row, 1);
}
