// Stands in for the package FsCheck.Xunit, in its namespace and with its names; where the package can be had,
// -p:UseFsCheckXunit=true compiles the tests with it and leaves this file out. xunit 2 rejects a [Fact] with parameters, so
// an attribute that draws its arguments needs a discoverer and a test case of its own. The chain down to the invoker is
// xunit's, so fixtures, IDisposable, ITestOutputHelper, Skip and DisplayName keep working; only the last link, the call of
// the method, becomes FsCheck's.
using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>A test whose arguments are drawn at random and shrunk on failure; the message of a failure carries the replay.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "Grokking.Properties")]
public sealed class PropertyAttribute : FactAttribute
{
    /// <summary>How many argument lists are tried; -1 takes the class's or FsCheck's own default of 100.</summary>
    public int MaxTest { get; set; } = -1;

    /// <summary>The size that the last test is drawn at; sizes grow from 1.</summary>
    public int EndSize { get; set; } = 100;

    /// <summary>The seed printed by a failure: <c>(seed,gamma)</c> for the whole run, <c>(seed,gamma,size)</c> for its last case.</summary>
    public string Replay { get; set; } = "";

    /// <summary>Classes whose static methods return the arbitraries to use beside FsCheck's own.</summary>
    public Type[] Arbitrary { get; set; } = [];

    internal static void Run(Config config, MethodInfo method, object target)
    {
        try
        {
            Check.Method(config, method, target);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            // FsCheck calls itself by reflection; the report with the shrunk arguments and the replay is inside.
            ExceptionDispatchInfo.Throw(failure.InnerException);
        }
    }

    internal Config ToConfig(PropertiesAttribute ofTheClass)
    {
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest(MaxTest >= 0 ? MaxTest : ofTheClass.MaxTest)
            .WithEndSize(EndSize)
            .WithArbitrary([.. ofTheClass.Arbitrary, .. Arbitrary]);
        if (Replay.Length == 0)
        {
            return config;
        }
        string[] parts = Replay.Trim('(', ')').Split(',');
        var start = new Rnd(Number<ulong>(parts[0]), Number<ulong>(parts[1]));
        return config.WithReplay(new Replay(start, parts.Length > 2 ? FSharpOption<int>.Some(Number<int>(parts[2])) : null));
    }

    private static T Number<T>(string text) where T : IParsable<T> => T.Parse(text.Trim(), CultureInfo.InvariantCulture);
}

/// <summary>Settings shared by every <see cref="PropertyAttribute"/> of a class.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PropertiesAttribute : Attribute
{
    /// <inheritdoc cref="PropertyAttribute.MaxTest"/>
    public int MaxTest { get; set; } = 100;

    /// <inheritdoc cref="PropertyAttribute.Arbitrary"/>
    public Type[] Arbitrary { get; set; } = [];
}

/// <summary>Finds the one test case of a property; named by <see cref="PropertyAttribute"/>, created by xunit.</summary>
public sealed class PropertyDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [
            new PropertyTestCase(
                sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod),
        ];
}

/// <summary>xunit's test case with FsCheck as the caller of the method.</summary>
public sealed class PropertyTestCase : XunitTestCase
{
    /// <summary>For xunit's deserializer.</summary>
    [Obsolete("for the deserializer")]
    public PropertyTestCase() { }

    /// <summary>The case of <paramref name="method"/>; its arguments are not known before it runs.</summary>
    public PropertyTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method) { }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments,
        ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
        new CaseRunner(
            this, DisplayName, SkipReason, constructorArguments, TestMethodArguments, messageBus, aggregator, cancellationTokenSource)
            .RunAsync();

    private sealed class CaseRunner(
        IXunitTestCase testCase, string name, string skip, object[] constructorArguments, object[] arguments,
        IMessageBus bus, ExceptionAggregator errors, CancellationTokenSource stop)
        : XunitTestCaseRunner(testCase, name, skip, constructorArguments, arguments, bus, errors, stop)
    {
        protected override XunitTestRunner CreateTestRunner(
            ITest test, IMessageBus messageBus, Type testClass, object[] constructorArguments, MethodInfo testMethod,
            object[] testMethodArguments, string skipReason, IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
            ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
            new Runner(
                test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason,
                beforeAfterAttributes, aggregator, cancellationTokenSource);
    }

    private sealed class Runner(
        ITest test, IMessageBus bus, Type type, object[] constructorArguments, MethodInfo method, object[] arguments, string skip,
        IReadOnlyList<BeforeAfterTestAttribute> around, ExceptionAggregator errors, CancellationTokenSource stop)
        : XunitTestRunner(test, bus, type, constructorArguments, method, arguments, skip, around, errors, stop)
    {
        protected override Task<decimal> InvokeTestMethodAsync(ExceptionAggregator aggregator) =>
            new Invoker(
                Test, MessageBus, TestClass, ConstructorArguments, TestMethod, TestMethodArguments, BeforeAfterAttributes,
                aggregator, CancellationTokenSource)
                .RunAsync();
    }

    private sealed class Invoker(
        ITest test, IMessageBus bus, Type type, object[] constructorArguments, MethodInfo method, object[] arguments,
        IReadOnlyList<BeforeAfterTestAttribute> around, ExceptionAggregator errors, CancellationTokenSource stop)
        : XunitTestInvoker(test, bus, type, constructorArguments, method, arguments, around, errors, stop)
    {
        protected override Task<decimal> InvokeTestMethodAsync(object testClassInstance) => Aggregator.RunAsync(async () =>
        {
            Config config = TestMethod.GetCustomAttribute<PropertyAttribute>()!
                .ToConfig(TestClass.GetCustomAttribute<PropertiesAttribute>() ?? new PropertiesAttribute());
            await Timer.AggregateAsync(() => Task.Run(() => PropertyAttribute.Run(config, TestMethod, testClassInstance)));
            return Timer.Total;
        });
    }
}
