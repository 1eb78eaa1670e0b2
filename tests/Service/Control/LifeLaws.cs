using FsCheck.Xunit;

namespace Grokking.Service.Control;

/// <summary>Whatever is wished of a run, in whatever order, and whatever interrupts it: it stands as the model says, and no row is lost or doubled.</summary>
public class LifeLaws
{
    [Property(MaxTest = 1000, EndSize = 30)]
    public void A_run_stands_as_the_model_says_after_every_command(LifeCommand[] commands)
    {
        using var life = new Life();
        foreach (LifeCommand command in commands)
            life.Do(command);
    }
}
