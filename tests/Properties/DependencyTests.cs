using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Grokking.Engine.Cpu;
using Grokking.Tensors;

namespace Grokking.Properties;

/// <summary>The core's promise, read off the compiled assembly: no world outside, no hidden state.</summary>
public class DependencyTests
{
    private static readonly string[] Forbidden =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.Path", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.StreamWriter", "System.IO.StreamReader",
        "System.Console", "System.DateTime", "System.DateTimeOffset", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.Guid", "System.Threading.ThreadPool", "System.Threading.Tasks.Task", "System.Threading.Timer",
        "System.Net.", "Microsoft.", "Serilog.",
    ];

    [Fact]
    public void The_model_touches_no_file_clock_console_network_or_ambient_randomness()
    {
        using var stream = File.OpenRead(typeof(Dense).Assembly.Location);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var used = metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle))
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToList();
        Assert.Contains("System.Math", used);
        var found = used.Where(name => Forbidden.Any(bad => bad.EndsWith('.') ? name.StartsWith(bad, StringComparison.Ordinal) : name == bad))
            .Where(name => name is not "Microsoft.CodeAnalysis.EmbeddedAttribute" && !name.StartsWith("Microsoft.FSharp", StringComparison.Ordinal));
        Assert.Empty(found);

        // Iterators ask for the thread that made them; nothing else of the environment is read.
        var environment = metadata.MemberReferences.Select(handle => metadata.GetMemberReference(handle))
            .Where(member => member.Parent.Kind == HandleKind.TypeReference && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) == "Environment")
            .Select(member => metadata.GetString(member.Name));
        Assert.All(environment, name => Assert.Equal("get_CurrentManagedThreadId", name));
    }

    [Fact]
    public void The_model_depends_on_nothing_but_the_base_library_mathematics_and_tensors()
    {
        var names = typeof(Dense).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.All(names, name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name is "MathNet.Numerics" or "netstandard", name));
    }

    [Fact]
    public void The_model_has_no_static_mutable_field()
    {
        var fields = typeof(Dense).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && !field.IsInitOnly);

        // The compiler's own caches of lambdas and constant data are written once with equal values; their names cannot be written in C#.
        Assert.Empty(fields.Where(field => !field.Name.StartsWith('<') && !field.DeclaringType!.Name.Contains('<', StringComparison.Ordinal)).Select(field => $"{field.DeclaringType}.{field.Name}"));
    }

    [Fact]
    public void No_array_of_the_model_is_shared_by_all()
    {
        var arrays = typeof(Dense).Assembly.GetTypes()
            .Where(type => !type.Name.Contains('<', StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && (field.FieldType.IsArray || typeof(System.Collections.IDictionary).IsAssignableFrom(field.FieldType) && !field.FieldType.Name.StartsWith("Immutable", StringComparison.Ordinal)));

        // One is: which machine code a chain's words become, which nobody can change or tell from code made anew. The runtime does the same with methods.
        Assert.Equal([$"{typeof(ChainCompiler<>)}.Known"], arrays.Select(field => $"{field.DeclaringType}.{field.Name}"));
    }
}
