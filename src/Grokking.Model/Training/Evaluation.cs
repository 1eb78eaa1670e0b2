using System.Collections.Immutable;

namespace Grokking.Training;

/// <summary>How weights do on the training and test sets.</summary>
/// <param name="TrainLoss">The loss over the whole training set.</param>
/// <param name="TrainAccuracy">The share of training samples whose largest logit (the lowest among equals) is the label, in [0, 1].</param>
/// <param name="TestLoss">The loss over the test set.</param>
/// <param name="TestAccuracy">The share of test samples classified right.</param>
/// <param name="GradientNorms">The Frobenius norm of the training loss's gradient for each weight tensor; empty when not asked for.</param>
public readonly record struct Evaluation(double TrainLoss, double TrainAccuracy, double TestLoss, double TestAccuracy, ImmutableArray<double> GradientNorms);
