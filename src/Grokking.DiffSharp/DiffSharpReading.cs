using global::DiffSharp;
using Grokking.Networks;
using Grokking.Training;
using Node = global::DiffSharp.Tensor;

namespace Grokking.DiffSharp;

/// <summary>Training as it is written, on DiffSharp's autodiff.</summary>
public static class DiffSharpReading
{
    /// <summary>
    /// Configures DiffSharp, and with it the whole process; nothing of another configuration may be used afterwards. It computes by libtorch;
    /// on the processor, where the package brings none, by DiffSharp's Reference backend (slow, for small moduli).
    /// </summary>
    /// <param name="gpu">On a graphics processor, else on the processor.</param>
    /// <param name="precision">Its number type.</param>
    /// <exception cref="InvalidOperationException">The device cannot be had; the message says why.</exception>
    public static EagerReading<DiffSharpTensor> Configure(bool gpu, Precision precision)
    {
        var dtype = precision == Precision.Single ? Dtype.Float32 : Dtype.Float64;
        var (device, word) = gpu ? (Device.GPU, "Gpu") : (Device.CPU, "Cpu");
        var torch = Try(device, dtype, Backend.Torch);
        if (torch is not null && (gpu ? torch : Try(device, dtype, Backend.Reference)) is { } fault)
        {
            throw new InvalidOperationException($"DiffSharp cannot compute on this machine's {word.ToUpperInvariant()}: {fault.Message.Split('\n')[0]}", fault);
        }

        var (version, backend) = (typeof(Node).Assembly.GetName().Version!.ToString(3), torch is null ? "Torch" : "Reference");
        return new($"DiffSharp {version} {backend} {word} {dtype}", DiffSharpTensor.Of, tensor => tensor.ToDense(), (function, weights) =>
        {
            var result = ValueAndGradient(function, weights);
            if (torch is null)
            {
                // libtorch's memory is given back by finalisers, and the collector does not see how large it is.
                GC.Collect();
            }

            return result;
        });
    }

    /// <summary>The value of a scalar function and its gradient, by DiffSharp's reverse mode.</summary>
    private static (DiffSharpTensor Value, Parameters<DiffSharpTensor> Gradients) ValueAndGradient(
        Func<Parameters<DiffSharpTensor>, DiffSharpTensor> function, Parameters<DiffSharpTensor> weights)
    {
        var watched = weights.Map(weight => new DiffSharpTensor(weight.Node.noDiff().reverseDiff(null, null)));
        var value = function(watched).Node;
        if (value.isReverseDiff)
        {
            value.reverse(null, null);
        }

        return (new(value.noDiff()), watched.Map(weight => new DiffSharpTensor(Derivative(weight.Node))));
    }

    /// <summary>A derivative that nothing has reached is empty, one that only zeros have reached a single number: both stand for zeros.</summary>
    private static Node Derivative(Node weight)
    {
        var derivative = weight.derivative.noDiff();
        return derivative.nelement == 0 ? weight.noDiff().zerosLike(null, null, null, null) : derivative.expand(weight.shape);
    }

    /// <summary>Configures and computes one number; the failure, of whatever type a missing native library or device throws, or none.</summary>
    private static Exception? Try(Device device, Dtype dtype, Backend backend)
    {
        try
        {
            dsharp.config(device, dtype, backend, null);
            return (double)(dsharp.full([], 1.0, null, dtype, null) + 1) == 2 ? null : new InvalidOperationException("1 + 1 is not 2 there.");
        }
        catch (Exception fault)
        {
            return fault.GetBaseException();
        }
    }
}
