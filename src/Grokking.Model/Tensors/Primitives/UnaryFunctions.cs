using Grokking.Tensors.Primitives;
using MathNet.Numerics;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
        /// <summary>−x.</summary>
        public static T Negate<T>(T x)
            where T : ITensor<T> => T.Apply(new Negate(), x);

        /// <summary>eˣ.</summary>
        public static T Exp<T>(T x)
            where T : ITensor<T> => T.Apply(new Exp(), x);

        /// <summary>ln x.</summary>
        public static T Log<T>(T x)
            where T : ITensor<T> => T.Apply(new Log(), x);

        /// <summary>√x.</summary>
        public static T Sqrt<T>(T x)
            where T : ITensor<T> => T.Apply(new Sqrt(), x);

        /// <summary>tanh x.</summary>
        public static T Tanh<T>(T x)
            where T : ITensor<T> => T.Apply(new Tanh(), x);

        /// <summary>The error function of x.</summary>
        public static T Erf<T>(T x)
            where T : ITensor<T> => T.Apply(new Erf(), x);

        /// <summary>x as a constant: no derivative passes.</summary>
        public static T Detach<T>(T x)
            where T : ITensor<T> => T.Apply(new Detach(), x);
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>y = −x.</summary>
    public sealed record Negate : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => -x;

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Fill<T>(x.Shape, -1);
    }

    /// <summary>y = eˣ; y' = y.</summary>
    public sealed record Exp : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => Math.Exp(x);

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => y;
    }

    /// <summary>y = ln x; y' = 1/x. NaN for x &lt; 0, −∞ at 0.</summary>
    public sealed record Log : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => Math.Log(x);

        /// <inheritdoc/>
        public override Interval Domain(int input) => new(0.1, 4);

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Fill<T>(x.Shape, 1) / x;
    }

    /// <summary>y = √x; y' = 1/(2y). NaN for x &lt; 0.</summary>
    public sealed record Sqrt : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => Math.Sqrt(x);

        /// <inheritdoc/>
        public override Interval Domain(int input) => new(0.1, 4);

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Fill<T>(x.Shape, 0.5) / y;
    }

    /// <summary>y = tanh x; y' = 1 − y².</summary>
    public sealed record Tanh : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => Math.Tanh(x);

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Fill<T>(x.Shape, 1) - (y * y);
    }

    /// <summary>The error function y = (2/√π) ∫₀ˣ e^(−t²) dt; y' = (2/√π) e^(−x²).</summary>
    public sealed record Erf : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => double.IsNaN(x) ? x : SpecialFunctions.Erf(x);

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Scale(Tensor.Exp(Tensor.Negate(x * x)), 2 / Math.Sqrt(Math.PI));
    }

    /// <summary>y = x, through which no derivative passes: the value is treated as a constant.</summary>
    /// <remarks>Right where the result does not depend on x in exact arithmetic, such as the shift inside a softmax.</remarks>
    public sealed record Detach : Unary
    {
        /// <inheritdoc/>
        public override double Value(double x) => x;

        /// <inheritdoc/>
        public override T Derivative<T>(T x, T y) => Tensor.Fill<T>(x.Shape, 0);
    }
}
