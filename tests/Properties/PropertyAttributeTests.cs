using System.Reflection;
using FsCheck.Xunit;

namespace Grokking.Properties;

/// <summary>The attribute that every other property relies on is itself seen to draw, to fail and to replay.</summary>
public sealed class PropertyAttributeTests
{
    private int calls;

    [Property(MaxTest = 37)]
    public void Arguments_are_drawn(int a, int b) => Assert.Equal(a + b, b + a);

    [Property]
    public async Task A_property_may_be_asynchronous(int a)
    {
        await Task.Yield();
        Assert.Equal(a, -(-a));
    }

    [Fact]
    public void As_many_cases_run_as_asked_for()
    {
        Run(nameof(Counts), new PropertyAttribute { MaxTest = 37 });
        Assert.Equal(37, calls);
    }

    [Fact]
    public void A_false_property_fails_with_its_shrunk_argument_and_a_replay()
    {
        string message = Failure(new PropertyAttribute { EndSize = 100_000, Replay = "(1234,5679)" });
        Assert.Matches(@"Shrunk:\s+10\s", message);
        Assert.Contains("(1234,5679)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_repeats_the_run()
    {
        var replay = new PropertyAttribute { Replay = "(1234,5679)" };
        Assert.Equal(Failure(replay), Failure(replay));
        Assert.NotEqual(Failure(replay), Failure(new PropertyAttribute { Replay = "(98765,4321)" }));
    }

    [Fact]
    public void Class_settings_are_overridden_by_the_method()
    {
        var ofTheClass = new PropertiesAttribute { MaxTest = 7 };
        Assert.Equal(7, new PropertyAttribute().ToConfig(ofTheClass).MaxTest);
        Assert.Equal(9, new PropertyAttribute { MaxTest = 9 }.ToConfig(ofTheClass).MaxTest);
    }

    private void Counts(int ignored) => calls += ignored == int.MinValue ? 0 : 1;

    private bool IsBelowTen(int value) => value < 10 + (calls * 0);

    private string Failure(PropertyAttribute property) =>
        Assert.ThrowsAny<Exception>(() => Run(nameof(IsBelowTen), property)).Message;

    private void Run(string method, PropertyAttribute property) => PropertyAttribute.Run(
        property.ToConfig(new PropertiesAttribute()),
        GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!,
        this);
}
