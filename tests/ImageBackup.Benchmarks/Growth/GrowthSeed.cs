using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>
/// A data directory with many records. The service writes one image, volume, image backup and operation; SQL statements copy their rows. The copies
/// have no files.
/// </summary>
internal sealed record GrowthSeed(string DataDirectory, int Size)
{
    private const string Id = "printf('%08x-0000-4000-8000-%012x', i, i)";
    private const long VolumeSize = 4L << 20;

    /// <summary>Returns the id of a copied image, volume or operation.</summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x8}-0000-4000-8000-{number:x12}");

    /// <summary>The id of the image backup that the service wrote. The copies have the ids after it.</summary>
    public int FirstBackup { get; private init; }

    public static async Task<GrowthSeed> CreateAsync(Bench bench, int size, CancellationToken cancellationToken)
    {
        var volume = bench.PathOf("growth.raw");
        VolumeMaker.Make(volume, VolumeKind.Dense, VolumeSize);
        var service = await bench.StartServiceAsync(cancellationToken);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        var export = await client.ExportAsync(image, "backup", "Fast", cancellationToken);
        await service.StopAsync();
        await using var database = new SqliteConnection($"Data Source={service.DataDirectory}/imagebackup.db;Pooling=False");
        await database.OpenAsync(cancellationToken);
        new Copies(database, size, export.BackupId, image).Write();
        return new GrowthSeed(service.DataDirectory, size) { FirstBackup = export.BackupId };
    }

    /// <summary>Copies the rows. Copy number i of each record belongs to copy number i of the others.</summary>
    private sealed class Copies(SqliteConnection database, int size, int backup, string image)
    {
        public void Write()
        {
            Run("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -200000; BEGIN");
            var book = Read($"SELECT Id FROM log_books WHERE BackupId = {backup}");
            var flow = Read($"SELECT Id FROM flows WHERE LogBookId = '{book}'");
            var volume = Read($"SELECT VolumeId FROM image_volumes WHERE ImageId = '{image}'");
            Copy("volumes", $"Id = '{volume}'", ("Id", Id), ("Name", "'volume-' || i"), ("SizeBytes", "(1 + i % 64) * 1073741824"), ("CreatedAt", Before("i")), ("ImageId", Id));
            Copy("images", $"Id = '{image}'", ("Id", Id), ("Name", "'image-' || i"), ("CreatedAt", Before("i")), ("UpdatedAt", Before("i / 2")), ("BlockDeviceMapping", $"replace(t.BlockDeviceMapping, '{volume}', {Id})"));
            Copy("image_volumes", $"ImageId = '{image}'", ("ImageId", Id), ("VolumeId", Id));
            Copy("image_properties", $"ImageId = '{image}'", ("ImageId", Id));
            Copy("log_books", $"Id = '{book}'", ("Id", Id), ("Sequence", "NULL"), ("BackupId", $"{backup} + i"), ("CreatedAt", Before("i")), ("StartedAt", Before("i")), ("FinishedAt", Before("i")));
            Copy("flows", $"Id = {flow}", ("Id", $"{flow} + i"), ("LogBookId", Id));
            Copy("tasks", $"FlowId = {flow}", ("Id", "NULL"), ("FlowId", $"{flow} + i"));
            Copy(
                "image_backups",
                $"Id = {backup}",
                ("Id", $"{backup} + i"),
                ("Name", "'backup-' || i"),
                ("Status", "CASE WHEN i % 50 = 0 THEN 'error' WHEN i % 7 = 0 THEN 'uploaded' ELSE 'available' END"),
                ("BackupHost", "CASE WHEN i % 4 = 0 THEN 'node-' || (i % 16) ELSE t.BackupHost END"),
                ("OvaName", "'backup-' || i || '.ova'"),
                ("Size", "1 + i % 64"),
                ("SrcImageId", "printf('%08x-0000-4000-8000-%012x', 1 + i / 20, 1 + i / 20)"),
                ("TaskId", Id),
                ("CreatedAt", Before("i")),
                ("UpdatedAt", Before("i / 2")));

            // Without statistics, as in a database that grew in use.
            Run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
        }

        /// <summary>Returns the time of the template, some seconds earlier, as EF Core writes it.</summary>
        private static string Before(string seconds) => $"strftime('%Y-%m-%d %H:%M:%f', t.CreatedAt, '-' || ({seconds}) || ' seconds') || '0000'";

        private void Copy(string table, string template, params (string Column, string Value)[] changed)
        {
            var values = changed.ToDictionary(pair => pair.Column, pair => pair.Value);
            var columns = Columns(table);
            var expressions = string.Join(", ", columns.Select(column => values.GetValueOrDefault(column, $"t.\"{column}\"")));
            var names = string.Join(", ", columns.Select(column => $"\"{column}\""));
            Run($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) INSERT INTO {table} ({names}) SELECT {expressions} FROM n, (SELECT * FROM {table} WHERE {template}) t");
        }

        private List<string> Columns(string table)
        {
            using var command = database.CreateCommand();
            command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var reader = command.ExecuteReader();
            var columns = new List<string>();
            while (reader.Read())
            {
                columns.Add(reader.GetString(0));
            }

            return columns;
        }

        private string Read(string statement)
        {
            using var command = database.CreateCommand();
            command.CommandText = statement;
            return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? throw new InvalidOperationException($"No row: {statement}");
        }

        private void Run(string statement)
        {
            using var command = database.CreateCommand();
            command.CommandText = statement;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }
    }
}
