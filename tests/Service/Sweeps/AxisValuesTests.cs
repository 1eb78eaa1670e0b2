using Grokking.Host.Sweeps;

namespace Grokking.Service.Sweeps;

/// <summary>Lists of values and of seeds, as they are written and as they are meant.</summary>
public class AxisValuesTests
{
    [Theory]
    [InlineData("0.2,0.3:0.9:0.1", "0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9")]
    [InlineData("log:1e3:1e6:7", "1000 3162.27766017 10000 31622.7766017 100000 316227.766017 1000000")]
    [InlineData("lin:0:1:5", "0 0.25 0.5 0.75 1")]
    [InlineData("log:5:5:1", "5")]
    [InlineData("10:1:-3", "10 7 4 1")]
    [InlineData("1:2:0.4", "1 1.4 1.8")]
    [InlineData("0.3,0.30,3e-1", "0.3")]
    [InlineData("3e5,300000", "300000")]
    [InlineData("adam,\"adamW\",adam", "\"adam\" \"adamW\"")]
    [InlineData("x + y,if odd(y) then x else y", "\"x + y\" \"if odd(y) then x else y\"")]
    [InlineData("""{"kind":"adam","learningRate":1,"betas":[0.9,0.98],"epsilon":0},{"kind":"gradientDescent","learningRate":2}""", """{"kind":"adam","learningRate":1,"betas":[0.9,0.98],"epsilon":0} {"kind":"gradientDescent","learningRate":2}""")]
    public void A_list_means_these_values(string list, string expected) =>
        Assert.Equal(expected, string.Join(' ', AxisValues.Parse("x", list).OrThrow()));

    [Theory]
    [InlineData("", "has no value")]
    [InlineData("1,,2", "an empty place between its commas")]
    [InlineData("1:2", "from:to:step")]
    [InlineData("1:2:x", "from:to:step")]
    [InlineData("1:2:0", "its step must lead")]
    [InlineData("2:1:0.5", "its step must lead")]
    [InlineData("log:0:1:5", "greater than 0")]
    [InlineData("log:1:10:0", "how many values there are")]
    [InlineData("lin:1:10:2.5", "how many values there are")]
    [InlineData("1:1e7:1", "10,000,000 values; a sweep has at most 100,000 runs")]
    [InlineData("0:1:1e-300", "a sweep has at most 100,000 runs")]
    [InlineData("log:1:2:1e300", "a sweep has at most 100,000 runs")]
    [InlineData("1:1e400:1", "from:to:step")]
    public void A_list_that_means_nothing_or_too_much_is_refused(string list, string reason) =>
        Assert.Contains(reason, AxisValues.Parse("--vary x", list).Match(_ => "", text => text), StringComparison.Ordinal);

    [Theory]
    [InlineData("0-4", "0 1 2 3 4")]
    [InlineData("7", "7")]
    [InlineData("3,0,7-9,8", "0 3 7 8 9")]
    [InlineData("9007199254740991", "9007199254740991")]
    public void A_list_of_seeds_means_these_seeds(string list, string expected) =>
        Assert.Equal(expected, string.Join(' ', SeedList.Parse("--seeds", list).OrThrow()));

    [Theory]
    [InlineData("")]
    [InlineData("4-2")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999")]
    [InlineData("0-9999999")]
    [InlineData("0-99999,200000-299999")]
    public void A_list_of_no_seeds_or_too_many_is_refused(string list) =>
        Assert.Contains("--seeds ", SeedList.Parse("--seeds", list).Match(_ => "", text => text), StringComparison.Ordinal);
}
