using System.Text;
using Spectre.Console.Rendering;

namespace Grokking.Host.Output;

/// <summary>Where the commands write: data to standard output, talk to standard error.</summary>
internal sealed class Terminal
{
    private const int Gap = 2;
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";
    private const int UsualWidth = 80;
    private readonly Lock turn = new();

    private Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
    {
        Output = output;
        Error = error;
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>The terminal of this process.</summary>
    public static Terminal Process { get; } = new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Data.</summary>
    public TextWriter Output { get; }

    /// <summary>Talk.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether a person may be reading the data directly.</summary>
    public bool OutputIsTerminal { get; }

    /// <summary>Whether a person may be reading the talk directly, on something that can rewrite a line.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Columns of the terminal as it is now; a terminal that does not say has 80.</summary>
    public static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
            }
            catch (Exception fault) when (fault is IOException or PlatformNotSupportedException or InvalidOperationException)
            {
                return UsualWidth;
            }
        }
    }

    /// <summary>Writes a line of data.</summary>
    public void Data(string line) => Output.WriteLine(line);

    /// <summary>Writes a line of talk.</summary>
    public void Say(string line)
    {
        lock (turn)
            Error.WriteLine(line);
    }

    /// <summary>Writes a table: as data, or as talk where standard output is kept for something else.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, bool asTalk = false)
    {
        bool bold = (asTalk ? ErrorIsTerminal : OutputIsTerminal) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        // Laid out here and not by a library's grid, which takes a second for the ten thousand lines of a large sweep. Nothing is broken: whoever finds a line too long has a
        // terminal that wraps it, or a program that reads it.
        (string Text, int Cells)[][] lines = [.. rows.Prepend(headings).Select(row => row.Select(cell => (cell, Cells(cell))).ToArray())];
        int[] widths = [.. headings.Select((_, column) => lines.Max(line => column < line.Length ? line[column].Cells : 0))];
        var text = new StringBuilder();
        foreach ((int number, (string Text, int Cells)[] line) in lines.Index())
        {
            var written = new StringBuilder();
            foreach ((int column, (string cell, int cells)) in line.Index())
                written.Append(bold && number == 0 ? $"{Bold}{cell}{Plain}" : cell).Append(' ', widths[column] - cells + Gap);
            text.Append(written.ToString().TrimEnd()).Append('\n');
        }

        TextWriter writer = asTalk ? Error : Output;
        lock (turn)
            writer.Write(text.Replace("\n", Environment.NewLine).ToString());
    }

    // Signs of the far east take two cells.
    private static int Cells(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text.Length : new Segment(text).CellCount();
}
