using DiffSharp.Backends;
using Microsoft.FSharp.Core;

#pragma warning disable CS8981, CS9113, IDE0060, IDE0130, IDE1006, CA1720, CA1822 // the names are DiffSharp's, and nothing here does anything

namespace DiffSharp
{
    /// <summary>
    /// The part of DiffSharp 1.0.7 that src/Grokking.DiffSharp names, without any content. The adapter is compiled against it where the package
    /// is not asked for, so that a change of the Model that breaks the adapter breaks the build. Nothing of this is ever run.
    /// </summary>
    internal static class dsharp
    {
        public static Unit config(Device device, Dtype dtype, Backend backend, FSharpOption<object>? printer) => throw new NotSupportedException();

        public static Tensor tensor(object value, FSharpOption<Device>? device, FSharpOption<Dtype>? dtype, FSharpOption<Backend>? backend) => throw new NotSupportedException();

        public static Tensor full(IEnumerable<int> shape, IConvertible value, FSharpOption<Device>? device, FSharpOption<Dtype>? dtype, FSharpOption<Backend>? backend) => throw new NotSupportedException();
    }

    internal sealed class Device
    {
        public static Device CPU => throw new NotSupportedException();

        public static Device GPU => throw new NotSupportedException();
    }

    internal sealed class Dtype
    {
        public static Dtype Float32 => throw new NotSupportedException();

        public static Dtype Float64 => throw new NotSupportedException();
    }

    internal static class DtypeModule
    {
        public static Dtype Default => throw new NotSupportedException();
    }

    internal sealed class Backend
    {
        public static Backend Reference => throw new NotSupportedException();

        public static Backend Torch => throw new NotSupportedException();
    }

    internal sealed class Tensor
    {
        public int dim => throw new NotSupportedException();

        public int nelement => throw new NotSupportedException();

        public int[] shape => throw new NotSupportedException();

        public Dtype dtype => throw new NotSupportedException();

        public Tensor derivative => throw new NotSupportedException();

        public RawTensor primalRaw => throw new NotSupportedException();

        public bool isReverseDiff => throw new NotSupportedException();

        public static Tensor ofRawTensor(RawTensor raw) => throw new NotSupportedException();

        public static FSharpFunc<Tensor, Tensor> Op(UnaryOp op) => throw new NotSupportedException();

        public static FSharpFunc<Tuple<Tensor, Tensor>, Tensor> Op(BinaryOp op) => throw new NotSupportedException();

        public Tensor noDiff() => throw new NotSupportedException();

        public Tensor reverseDiff(FSharpOption<object>? derivative, FSharpOption<uint>? tag) => throw new NotSupportedException();

        public Unit reverse(FSharpOption<Tensor>? value, FSharpOption<bool>? zeroDerivatives) => throw new NotSupportedException();

        public Tensor zerosLike(FSharpOption<IEnumerable<int>>? shape, FSharpOption<Device>? device, FSharpOption<Dtype>? dtype, FSharpOption<Backend>? backend) => throw new NotSupportedException();

        public Tensor cast(Dtype dtype) => throw new NotSupportedException();

        public Tensor cpu() => throw new NotSupportedException();

        public T[] toArray1D<T>() => throw new NotSupportedException();

        public Tensor view(IEnumerable<int> shape) => throw new NotSupportedException();

        public Tensor expand(IEnumerable<int> shape) => throw new NotSupportedException();

        public Tensor permute(IEnumerable<int> order) => throw new NotSupportedException();

        public Tensor transpose() => throw new NotSupportedException();

        public Tensor transpose(int first, int second) => throw new NotSupportedException();

        public Tensor matmul(Tensor right) => throw new NotSupportedException();

        public Tensor argmax(int dim, FSharpOption<bool>? keepDim) => throw new NotSupportedException();

        public Tensor sum(int dim, FSharpOption<bool>? keepDim, FSharpOption<Dtype>? dtype) => throw new NotSupportedException();

        public Tensor GetSlice(int[,] bounds) => throw new NotSupportedException();

        public Tensor addSlice(IEnumerable<int> location, Tensor part) => throw new NotSupportedException();

        public Tensor exp() => throw new NotSupportedException();

        public Tensor log() => throw new NotSupportedException();

        public Tensor sqrt() => throw new NotSupportedException();

        public Tensor tanh() => throw new NotSupportedException();

        public Tensor gt(Tensor right) => throw new NotSupportedException();

        public Tensor eq(Tensor right) => throw new NotSupportedException();

        public static explicit operator double(Tensor x) => throw new NotSupportedException();

        public static Tensor operator -(Tensor x) => throw new NotSupportedException();

        public static Tensor operator +(Tensor x, Tensor y) => throw new NotSupportedException();

        public static Tensor operator +(Tensor x, int y) => throw new NotSupportedException();

        public static Tensor operator -(Tensor x, Tensor y) => throw new NotSupportedException();

        public static Tensor operator -(int x, Tensor y) => throw new NotSupportedException();

        public static Tensor operator *(Tensor x, Tensor y) => throw new NotSupportedException();

        public static Tensor operator /(Tensor x, Tensor y) => throw new NotSupportedException();
    }

    internal abstract class UnaryOp(string name)
    {
        public abstract RawTensor fRaw(RawTensor a);

        public abstract Tensor ad_dfda(Tensor a, Tensor ad, Tensor f);

        public abstract Tensor fd_dfda(Tensor a, Tensor f, Tensor fd);
    }

    internal abstract class BinaryOp(string name)
    {
        public abstract RawTensor fRaw(RawTensor a, RawTensor b);

        public abstract Tensor ad_dfda(Tensor a, Tensor ad, Tensor b, Tensor f);

        public abstract Tensor bd_dfdb(Tensor a, Tensor b, Tensor bd, Tensor f);

        public abstract Tensor fd_dfda(Tensor a, Tensor b, Tensor f, Tensor fd);

        public abstract Tensor fd_dfdb(Tensor a, Tensor b, Tensor f, Tensor fd);
    }
}

namespace DiffSharp.Backends
{
    internal abstract class RawTensor
    {
        public int Dim => throw new NotSupportedException();

        public abstract RawTensor MatMulTT(RawTensor right);

        public abstract Tuple<RawTensor, RawTensor> MaxReduceT(int dim, bool keepDim);
    }
}
