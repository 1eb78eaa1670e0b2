using Grokking.Engine;
using Grokking.Engine.Cpu;

namespace Grokking.Training;

/// <summary>Makes a computation executable on some machine, in some precision.</summary>
internal delegate Executable Compiler(Computation computation);

/// <summary>Compiles computations in a precision.</summary>
internal static class Programs
{
    /// <summary>The computation as a program on these threads.</summary>
    internal static Executable Compile(Computation computation, Precision precision, Workers workers) => precision == Precision.Single
        ? new CpuProgram<float>(Planner.Plan(computation), workers)
        : new CpuProgram<double>(Planner.Plan(computation), workers);
}
