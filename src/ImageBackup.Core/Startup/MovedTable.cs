namespace ImageBackup.Core.Startup;

/// <summary>A table that was moved to another database.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Rows">How many rows both databases have.</param>
public sealed record MovedTable(string Name, long Rows);
