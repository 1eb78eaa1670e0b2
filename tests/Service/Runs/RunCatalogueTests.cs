using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.Runs;

/// <summary>Runs are found by what people remember of them, and stand as they truly stand.</summary>
public class RunCatalogueTests
{
    [Fact]
    public void A_run_is_found_by_its_id_its_beginning_and_its_directory()
    {
        using var folder = new Folder();
        var catalogue = new RunCatalogue(folder.Path);
        string id = Train(catalogue, seed: 1);

        Assert.Equal(id, catalogue.Find(id).OrThrow().Record.Run);
        Assert.Equal(id, catalogue.Find(id[..^3]).OrThrow().Record.Run);
        Assert.Equal(id, catalogue.Find(catalogue.DirectoryOf(id).Path).OrThrow().Record.Run);
        Assert.Equal([id], catalogue.List().Select(entry => entry.Record.Run));
    }

    [Fact]
    public void A_beginning_that_fits_several_runs_is_refused_with_their_names()
    {
        using var folder = new Folder();
        var catalogue = new RunCatalogue(folder.Path);
        string[] ids = [Train(catalogue, seed: 1), Train(catalogue, seed: 2)];

        string reason = Assert.IsType<Result<RunEntry>.Failure>(catalogue.Find("interrupted")).Reason;

        Assert.All(ids, id => Assert.Contains(id, reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_running_run_without_a_living_process_is_interrupted()
    {
        using var folder = new Folder();
        var catalogue = new RunCatalogue(folder.Path);
        RunDirectory directory = catalogue.DirectoryOf(Train(catalogue, seed: 1));
        (RunRecord.Read(directory).OrThrow() with { Status = RunStatus.Running }).Write(directory);

        Assert.Equal(RunStatus.Interrupted, RunCatalogue.Open(directory).OrThrow().Record.Status);
        using (Lease.TryTake(directory, TimeProvider.System))
            Assert.Equal(RunStatus.Running, RunCatalogue.Open(directory).OrThrow().Record.Status);
        Assert.Equal(RunStatus.Interrupted, RunCatalogue.Open(directory).OrThrow().Record.Status);
    }

    private static string Train(RunCatalogue catalogue, int seed)
    {
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(seed)) with { Budget = new(2, null) };
        string id = CanonicalForm.RunId(experiment);
        InterruptionTests.Sit(experiment, catalogue.DirectoryOf(id), 1, null);
        return id;
    }
}
