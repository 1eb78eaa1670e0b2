using Grokking.Training;

namespace Grokking.Host.Devices;

/// <summary>Trains runs together that are of one family (<see cref="Kinship"/>): for the first of them a fleet is made, and with the last one it goes.</summary>
/// <param name="make">Makes a fleet of at most so many places.</param>
internal sealed class Fleets(Func<Recipe, Samples, Samples, int, Result<IFleet>> make)
{
    private readonly Lock gate = new();
    private readonly Kinship kinship = new();
    private readonly Dictionary<int, int> expected = [];
    private readonly Dictionary<int, (Gathering Gathering, int Guests)> open = [];

    /// <summary>Says that so many runs like this one will come.</summary>
    /// <param name="recipe">How they are trained.</param>
    /// <param name="train">The training set of one of them.</param>
    /// <param name="test">The test set of one of them.</param>
    /// <param name="runs">How many.</param>
    public void Expect(Recipe recipe, Samples train, Samples test, int runs)
    {
        lock (gate)
        {
            int family = kinship.Of(recipe, train, test);
            expected[family] = expected.GetValueOrDefault(family) + runs;
        }
    }

    /// <summary>A machine for one run, in the fleet of its family; waits until there is a place.</summary>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="train">Its training set.</param>
    /// <param name="test">Its test set.</param>
    /// <param name="together">How many runs there can be at once; a fleet has fewer places where fewer are expected.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public Result<IStepMachine> Enter(Recipe recipe, Samples train, Samples test, int together, CancellationToken stop) =>
        Join(recipe, train, test, together).Map(joined =>
        {
            try
            {
                return joined.Gathering.Enter(recipe, train, test, () => Leave(joined.Family), stop);
            }
            catch (OperationCanceledException)
            {
                Leave(joined.Family);
                throw;
            }
        });

    private Result<(int Family, Gathering Gathering)> Join(Recipe recipe, Samples train, Samples test, int together)
    {
        lock (gate)
        {
            int family = kinship.Of(recipe, train, test);
            Result<Gathering> found = open.TryGetValue(family, out (Gathering Gathering, int Guests) present)
                ? Result.Success(present.Gathering)
                : make(recipe, train, test, Math.Min(together, expected.GetValueOrDefault(family, together))).Map(fleet => new Gathering(fleet));
            return found.Map(gathering =>
            {
                open[family] = (gathering, present.Guests + 1);
                return (family, gathering);
            });
        }
    }

    private void Leave(int family)
    {
        lock (gate)
        {
            (Gathering gathering, int guests) = open[family];
            open[family] = (gathering, guests - 1);
            if (guests > 1)
                return;
            open.Remove(family);
            gathering.Dispose();
        }
    }
}
