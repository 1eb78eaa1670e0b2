namespace Grokking.Host.Figures.Plots;

/// <summary>A rectangle of the page with an axis along its lower and one along its left edge.</summary>
/// <param name="Left">Pixels from the left of the page.</param>
/// <param name="Top">Pixels from its top.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Horizontal">The axis along the lower edge.</param>
/// <param name="Vertical">The axis along the left edge.</param>
internal sealed record Frame(double Left, double Top, double Width, double Height, Axis Horizontal, Axis Vertical)
{
    /// <summary>The right edge.</summary>
    public double Right => Left + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>The place of a value along the lower edge.</summary>
    public double X(double value) => Left + (Width * Horizontal.Share(value));

    /// <summary>The place of a value along the left edge.</summary>
    public double Y(double value) => Bottom - (Height * Vertical.Share(value));

    /// <summary>Whether a point lies inside.</summary>
    public bool Shows(Point point) => Horizontal.Shows(point.X) && Vertical.Shows(point.Y);
}

/// <summary>A point of the plane of values.</summary>
internal readonly record struct Point(double X, double Y);
