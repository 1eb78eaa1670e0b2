// f table, h outer function, L size of the cyclic group; t a place, s a shift; see CyclicSearch

namespace Grokking.Arithmetic;

/// <summary>A layout of a table as far as it is decided.</summary>
internal sealed class PartialLayout
{
    private const int Open = -1;
    private const int Hole = -2;

    private readonly int[][] table;
    private readonly int[] outer;       // h by place; Open where no entry has said it
    private readonly int[] columnAt;    // by place: the column, Open or Hole
    private readonly int[] shiftOf;     // by row; Open
    private readonly bool[] isPlaced;   // by column
    private readonly bool[][] allows;   // by row, by shift
    private int holes;                  // places that will stay without a column

    /// <summary>Nothing is decided.</summary>
    public PartialLayout(int[][] table, int size)
    {
        this.table = table;
        outer = [.. Enumerable.Repeat(Open, size)];
        columnAt = [.. Enumerable.Repeat(Open, size)];
        shiftOf = [.. Enumerable.Repeat(Open, table.Length)];
        isPlaced = new bool[table[0].Length];
        allows = [.. table.Select(_ => Enumerable.Repeat(true, size).ToArray())];
        holes = size - table[0].Length;
    }

    private PartialLayout(PartialLayout other)
    {
        table = other.table;
        outer = [.. other.outer];
        columnAt = [.. other.columnAt];
        shiftOf = [.. other.shiftOf];
        isPlaced = [.. other.isPlaced];
        allows = [.. other.allows.Select(row => (bool[])row.Clone())];
        holes = other.holes;
    }

    public bool IsComplete => !shiftOf.Contains(Open) && !isPlaced.Contains(false);

    private int Size => outer.Length;

    public PartialLayout Copy() => new(this);

    public void Place(int column, int place)
    {
        columnAt[place] = column;
        isPlaced[column] = true;
    }

    /// <summary>Decides a row's shift, which no other row can have then.</summary>
    public void Shift(int row, int shift)
    {
        shiftOf[row] = shift;
        foreach (bool[] other in allows)
        {
            other[shift] = false;
        }
    }

    public CyclicLayout ToLayout() => new(
        [.. shiftOf], [.. Enumerable.Range(0, isPlaced.Length).Select(column => Array.IndexOf(columnAt, column))], [.. outer]);

    /// <summary>Draws every conclusion from what is decided.</summary>
    /// <returns>False at a contradiction.</returns>
    public bool Conclude(ref long work)
    {
        bool isNew = true;
        while (isNew)
        {
            isNew = false;
            int[] places = [.. Enumerable.Range(0, Size).Where(t => columnAt[t] >= 0)];
            work += (long)places.Length * table.Length;
            for (int row = 0; row < table.Length; row++)
            {
                if (shiftOf[row] != Open && !Tell(row, places))
                {
                    return false;
                }
            }
            for (int row = 0; row < table.Length; row++)
            {
                if (shiftOf[row] != Open)
                {
                    continue;
                }
                (int count, int last) = Narrow(row, places, ref work);
                if (count == 0)
                {
                    return false;
                }
                if (count == 1)
                {
                    Shift(row, last);
                    isNew = true;
                }
            }
        }
        return true;
    }

    /// <summary>The ways to decide what can be decided in the fewest ways.</summary>
    public IReadOnlyList<Action<PartialLayout>> Choices(ref long work)
    {
        int row = Enumerable.Range(0, table.Length).Where(i => shiftOf[i] == Open).DefaultIfEmpty(Open).MinBy(i => i == Open ? 0 : allows[i].Count(allowed => allowed));
        int[] shifts = row == Open ? [] : [.. Enumerable.Range(0, Size).Where(s => allows[row][s])];
        (int place, List<int> columns) = TightestPlace(ref work);
        int ways = columns.Count + (holes > 0 ? 1 : 0);
        if (place == Open || (row != Open && shifts.Length < ways))
        {
            return [.. shifts.Select(shift => (Action<PartialLayout>)(layout => layout.Shift(row, shift)))];
        }
        return
        [
            .. columns.Select(column => (Action<PartialLayout>)(layout => layout.Place(column, place))),
            .. holes > 0 ? [layout => layout.LeaveOut(place)] : Array.Empty<Action<PartialLayout>>(),
        ];
    }

    private void LeaveOut(int place)
    {
        columnAt[place] = Hole;
        holes--;
    }

    // What a row with a known shift says of h; false where h is something else already.
    private bool Tell(int row, int[] places)
    {
        foreach (int place in places)
        {
            ref int value = ref outer[(place + shiftOf[row]) % Size];
            int entry = table[row][columnAt[place]];
            if (value != Open && value != entry)
            {
                return false;
            }
            value = entry;
        }
        return true;
    }

    private (int Count, int Last) Narrow(int row, int[] places, ref long work)
    {
        (int count, int last) = (0, Open);
        bool[] allowed = allows[row];
        for (int shift = 0; shift < Size; shift++)
        {
            for (int i = 0; i < places.Length && allowed[shift]; i++)
            {
                work++;
                int value = outer[(places[i] + shift) % Size];
                allowed[shift] = value == Open || value == table[row][columnAt[places[i]]];
            }
            if (allowed[shift])
            {
                (count, last) = (count + 1, shift);
            }
        }
        return (count, last);
    }

    // A column can be at a place if no row with a known shift objects.
    private (int Place, List<int> Columns) TightestPlace(ref long work)
    {
        int[] rows = [.. Enumerable.Range(0, table.Length).Where(i => shiftOf[i] != Open)];
        int[] columns = [.. Enumerable.Range(0, isPlaced.Length).Where(j => !isPlaced[j])];
        (int tightest, List<int>? fewest) = (Open, null);
        for (int place = 0; place < Size && columns.Length > 0 && fewest is not { Count: 0 }; place++)
        {
            if (columnAt[place] != Open)
            {
                continue;
            }
            var fitting = new List<int>();
            foreach (int column in columns)
            {
                bool fits = true;
                for (int i = 0; i < rows.Length && fits; i++)
                {
                    work++;
                    int value = outer[(place + shiftOf[rows[i]]) % Size];
                    fits = value == Open || value == table[rows[i]][column];
                }
                if (fits)
                {
                    fitting.Add(column);
                }
            }
            if (fewest is null || fitting.Count < fewest.Count)
            {
                (tightest, fewest) = (place, fitting);
            }
        }
        return (tightest, fewest ?? []);
    }
}
