namespace Grokking.Host.Files;

/// <summary>The calls by which a <see cref="Disk"/> changes something.</summary>
internal enum FileCall
{
    /// <summary>Opens a new file.</summary>
    Create,

    /// <summary>Hands bytes to the operating system.</summary>
    Write,

    /// <summary>Has a file's bytes reach the medium.</summary>
    FlushFile,

    /// <summary>Gives a file another name.</summary>
    Move,

    /// <summary>Says that a file is still in use, by its time.</summary>
    Touch,

    /// <summary>Removes a file or an empty directory.</summary>
    Delete,

    /// <summary>Makes a directory.</summary>
    MakeDirectory,

    /// <summary>Has a directory's names reach the medium.</summary>
    FlushDirectory,
}
