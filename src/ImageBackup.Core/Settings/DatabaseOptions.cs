using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Database</c>: where rows are stored.</summary>
public sealed class DatabaseOptions
{
    public const string Section = ImageBackupOptions.Section + ":Database";

    /// <summary><c>Sqlite</c>: a file in the data directory, for one process. <c>PostgreSql</c>: a server, for several processes.</summary>
    [Required]
    [RegularExpression("^(?i:Sqlite|PostgreSql)$", ErrorMessage = "Sqlite or PostgreSql")]
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Npgsql's connection string. <see cref="ConnectionStringFile"/> names a file that holds it instead.</summary>
    public string? ConnectionString { get; set; }

    public string? ConnectionStringFile { get; set; }

    /// <summary>True for a PostgreSQL server.</summary>
    public bool IsPostgreSql => string.Equals(Provider, "PostgreSql", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection string, given or not.</summary>
    internal SecretSetting Secret => new(Section, nameof(ConnectionString), ConnectionString, ConnectionStringFile);
}
