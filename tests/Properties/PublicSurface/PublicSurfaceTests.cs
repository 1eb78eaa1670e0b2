using System.Reflection;
using Grokking.Tensors;

namespace Grokking.Properties.PublicSurface;

/// <summary>What callers can name is decided on purpose: it is a file, and a change of it is read like one.</summary>
public class PublicSurfaceTests
{
    private const string Acceptance = "GROKKING_ACCEPT_SURFACE";

    private static readonly Assembly Model = typeof(Dense).Assembly;

    private static string Path { get; } = typeof(PublicSurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PublicSurface").Value!;

    [Fact]
    public void The_public_surface_is_the_one_in_the_file()
    {
        var now = Lines();
        if (Environment.GetEnvironmentVariable(Acceptance) == "1")
        {
            File.WriteAllText(Path, string.Join('\n', now) + "\n");
        }

        var before = File.Exists(Path) ? File.ReadAllText(Path).TrimEnd('\n').Split('\n') : [];
        var (left, right) = (Entries(before), Entries(now));
        var changes = left.Except(right).Select(entry => "- " + entry).Concat(right.Except(left).Select(entry => "+ " + entry));
        Assert.True(
            now.SequenceEqual(before),
            $"The public surface of the model is not the one in src/Grokking.Model/PublicSurface.txt:\n{string.Join('\n', changes)}\n"
            + $"If this is meant: {Acceptance}=1 dotnet test -c Release tests/Properties --filter PublicSurface, and commit the file.");
    }

    [Fact]
    public void Nothing_public_takes_or_gives_null_or_has_an_out_or_an_optional_parameter()
    {
        var found =
            from type in Declarations.Types(Model)
            from member in Declarations.Members(type).Where(member => Offends(member))
            select $"{TypeNames.Path(type)}: {Declarations.Line(member)}";
        Assert.Empty(found);
    }

    [Fact]
    public void A_member_that_offends_is_found()
    {
        var members = Declarations.Members(typeof(Offender)).Where(member => member is not ConstructorInfo).ToList();
        Assert.Equal(
            ["(int, string?) Pair()", "void Maybe(string? text)", "void Optional(int count = 1)", "void Out(out int value)"],
            members.Where(Offends).Select(Declarations.Line).Order(StringComparer.Ordinal));
        Assert.Equal(["void Fine(string text)"], members.Where(member => !Offends(member)).Select(Declarations.Line));
    }

    private static bool Offends(MemberInfo member)
    {
        var context = new NullabilityInfoContext();
        return member switch
        {
            MethodBase method => method.GetParameters().Any(parameter => parameter.IsOut || parameter.IsOptional || TypeNames.Admits(context.Create(parameter)))
                || (method is MethodInfo { ReturnParameter: var returned } && TypeNames.Admits(context.Create(returned))),
            PropertyInfo property => TypeNames.Admits(context.Create(property)),
            FieldInfo field => TypeNames.Admits(context.Create(field)),
            _ => false,
        };
    }

    private static List<string> Lines() =>
    [
        "What callers of Grokking.Model can name, one line each; written by PublicSurfaceTests, read by people.",
        .. Declarations.Types(Model).GroupBy(type => type.Namespace).SelectMany(room => (IEnumerable<string>)
        [
            "",
            $"namespace {room.Key}",
            .. room.SelectMany(type => (IEnumerable<string>)["", Declarations.Line(type), .. Declarations.Listed(type).Select(member => "    " + Declarations.Line(member))]),
        ]),
    ];

    /// <summary>Each line with what it stands under, so that a line that moved is a change.</summary>
    private static List<string> Entries(IEnumerable<string> lines)
    {
        var heading = "";
        return [.. lines.Where(line => line.Length > 0).Select(line => line.StartsWith(' ') ? $"{heading} | {line.Trim()}" : heading = line)];
    }

    public sealed class Offender
    {
        public void Fine(string text) => ArgumentNullException.ThrowIfNull(text);

        public void Maybe(string? text) => Fine(text ?? "");

        public void Out(out int value) => value = 0;

        public void Optional(int count = 1) => Fine($"{count}");

        public (int, string?) Pair() => (0, null);
    }
}
