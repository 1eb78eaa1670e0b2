using Spectre.Console;

namespace Grokking.Host.Output;

/// <summary>Where the commands write: data to standard output, talk to standard error.</summary>
internal sealed class Terminal
{
    private const int Unlimited = 10_000;
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
        bool toTerminal = asTalk ? ErrorIsTerminal : OutputIsTerminal;
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Interactive = InteractionSupport.No,
            Ansi = toTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        // Never broken: whoever finds a line too long has a terminal that wraps it, or a program that reads it.
        console.Profile.Width = Unlimited;
        var grid = new Grid();
        foreach (string _ in headings)
            grid.AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0));
        grid.AddRow([.. headings.Select(heading => new Text(heading, new Style(decoration: Decoration.Bold)))]);
        foreach (IReadOnlyList<string> row in rows)
            grid.AddRow([.. row.Select(cell => new Text(cell))]);
        console.Write(grid);
        TextWriter writer = asTalk ? Error : Output;
        lock (turn)
        {
            foreach (string line in text.ToString().TrimEnd().Split('\n'))
                writer.WriteLine(line.TrimEnd());
        }
    }
}
