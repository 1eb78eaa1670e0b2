using Grokking.Host.Files;


namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Joins files of one table into one: row groups are copied as they are, only their offsets and numbers change.
/// </summary>
internal static class ParquetJoiner
{
    /// <summary>Joins files; the result appears at once, whole, or not at all.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="parts">The files, in the order of their rows.</param>
    /// <param name="path">The new file; it replaces an older one.</param>
    /// <param name="schema">The columns, which every part must have.</param>
    /// <param name="metadata">Key and value of the new file.</param>
    /// <exception cref="DamagedFileException">A part is damaged, or has other columns.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Join(
        Disk disk, IReadOnlyList<string> parts, string path, ParquetSchema schema, IEnumerable<KeyValuePair<string, string>> metadata) =>
        disk.Publish(path, output =>
        {
            ParquetWriter writer = ParquetWriter.Begin(output, schema, metadata);
            foreach (string part in parts)
            {
                using FileStream source = File.OpenRead(part);
                ParquetFooter footer = DamagedFileException.Guard(part, () => ParquetFooterReader.Read(source));
                if (!footer.Schema.HasColumnsOf(schema))
                    throw new DamagedFileException(part, "its columns are not those of the table that it is a part of");
                foreach (RowGroupFooter group in footer.RowGroups)
                    writer.CopyRowGroup(source, group);
            }

            writer.Finish();
        });

    /// <summary>Undoes <see cref="Join"/>, for files that each had one row group: each group becomes a file again, unless that file is there.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="joined">The joined file.</param>
    /// <param name="part">The place of a part, by its number.</param>
    /// <exception cref="DamagedFileException">The file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Split(Disk disk, string joined, Func<int, string> part)
    {
        using FileStream source = File.OpenRead(joined);
        ParquetFooter footer = DamagedFileException.Guard(joined, () => ParquetFooterReader.Read(source));
        for (int number = 0; number < footer.RowGroups.Length; number++)
        {
            if (File.Exists(part(number)))
                continue;
            RowGroupFooter group = footer.RowGroups[number];
            disk.Publish(
                part(number),
                output =>
                {
                    ParquetWriter writer = ParquetWriter.Begin(output, footer.Schema, footer.Metadata);
                    writer.CopyRowGroup(source, group);
                    writer.Finish();
                },
                overwrite: false);
        }
    }
}
