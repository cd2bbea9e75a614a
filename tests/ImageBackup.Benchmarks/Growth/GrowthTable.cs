namespace ImageBackup.Benchmarks.Growth;

/// <summary>A figure at one number of records, and the most that it may be.</summary>
internal sealed record Reading(string Name, string Unit, double Value, double Bar);

/// <summary>A figure at each number of records.</summary>
internal sealed record GrowthRow(string Name, string Unit, IReadOnlyList<Reading> Readings);

/// <summary>Figures by the number of records.</summary>
internal sealed record GrowthTable(IReadOnlyList<int> Sizes, IReadOnlyList<GrowthRow> Rows);
