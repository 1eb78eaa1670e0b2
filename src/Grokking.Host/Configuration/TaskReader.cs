using Grokking.Arithmetic;

namespace Grokking.Host.Configuration;

/// <summary>Reads the object <c>task</c>. What the formula means for its modulus is judged later, when a task is made of it.</summary>
internal static class TaskReader
{
    /// <summary>Reads the object.</summary>
    public static TaskSettings Read(JsonSection section)
    {
        string operation = section.Text("operation");
        long modulus = section.Integer("modulus", 2, Limits.Modulus);
        long? operands = section.Has("operands") ? section.Integer("operands", 1, TaskExpression.MaximumOperands) : null;
        section.Close();
        return new(operation, (int)modulus, (int)(operands ?? 0));
    }
}
