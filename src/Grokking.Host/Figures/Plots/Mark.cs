namespace Grokking.Host.Figures.Plots;

/// <summary>Something drawn inside a frame: a curve, a band, points, bars, a heat map, a line of reference.</summary>
internal abstract record Mark
{
    /// <summary>Draws it.</summary>
    public abstract void Draw(Svg svg, Frame frame);
}
