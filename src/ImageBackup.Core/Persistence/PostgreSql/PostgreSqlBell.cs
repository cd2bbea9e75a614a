using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>Hears what other processes tell (LISTEN and NOTIFY). Whoever listens also looks from time to time, because a lost connection loses news.</summary>
public sealed class PostgreSqlBell(IOptions<DatabaseOptions> options)
{
    /// <summary>The news that a log book waits or that a worker may take more.</summary>
    public const string Work = "work";

    /// <summary>The news that operators have stopped operations.</summary>
    public const string Stop = "stop";

    internal const string Channel = "imagebackup";

    /// <summary>Listens until the connection ends, and throws then.</summary>
    /// <param name="heard">Receives the news.</param>
    /// <param name="cancellationToken">Ends the listening.</param>
    public async Task ListenAsync(Action<string> heard, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.Value.Secret.Read()) { Pooling = false, KeepAlive = 10 }.ConnectionString);
        connection.Notification += (_, news) => heard(news.Payload);
        await connection.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
