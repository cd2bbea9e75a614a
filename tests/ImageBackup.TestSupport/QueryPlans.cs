using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.TestSupport;

/// <summary>
/// Asks SQLite for the plan of every statement that a tested service executes, and refuses a statement that reads all rows of a table that grows. The
/// request of that statement then fails.
/// </summary>
public sealed partial class QueryPlans : DbCommandInterceptor
{
    private static readonly HashSet<string> Growing = ["image_backups", "log_books", "flows", "tasks", "images", "image_properties", "image_volumes", "volumes", "idempotency_keys", "tokens"];

    private readonly ConcurrentDictionary<string, string?> checkedStatements = [];

    private QueryPlans()
    {
    }

    /// <summary>Shared by all services of a test run, so that each statement is checked once.</summary>
    public static QueryPlans Instance { get; } = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(ReaderExecuting(command, eventData, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(ScalarExecuting(command, eventData, result));

    private void Check(DbCommand command, CommandEventData eventData)
    {
        // A migration runs once.
        if (eventData.CommandSource == CommandSource.Migrations || !IsQuery().IsMatch(command.CommandText) || command.CommandText.Contains("WHERE 0", StringComparison.Ordinal))
        {
            return;
        }

        if (checkedStatements.GetOrAdd(command.CommandText, _ => Scan(command)) is { } scan)
        {
            throw new InvalidOperationException($"The statement reads a whole table that grows: {scan}\n{command.CommandText}");
        }
    }

    /// <summary>Returns the line of the plan that reads a whole table, or null.</summary>
    private static string? Scan(DbCommand command)
    {
        var tables = Names().Matches(command.CommandText).ToDictionary(match => match.Groups["alias"].Value, match => match.Groups["table"].Value);
        var plan = Plan(command);

        // A page in the order of an index reads the rows of the page only.
        var isOrderedPage = command.CommandText.Contains("LIMIT", StringComparison.Ordinal) && !plan.Exists(line => line.StartsWith("USE TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));

        // Only a request with with_count counts. Only a reset of the emulator empties a table.
        var isCount = command.CommandText.StartsWith("SELECT COUNT(*)", StringComparison.Ordinal);
        var emptiesTable = command.CommandText.StartsWith("DELETE", StringComparison.Ordinal) && !command.CommandText.Contains("WHERE", StringComparison.Ordinal);
        return plan.Find(line => Scanned().Match(line) is { Success: true } scan
            && Growing.Contains(tables.GetValueOrDefault(scan.Groups["alias"].Value, scan.Groups["alias"].Value))
            && !isCount && !emptiesTable && !(isOrderedPage && scan.Groups["index"].Success));
    }

    private static List<string> Plan(DbCommand command)
    {
        using var explain = command.Connection!.CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        explain.Transaction = command.Transaction;
        foreach (DbParameter parameter in command.Parameters)
        {
            var copy = explain.CreateParameter();
            (copy.ParameterName, copy.Value) = (parameter.ParameterName, parameter.Value);
            explain.Parameters.Add(copy);
        }

        var lines = new List<string>();
        using var reader = explain.ExecuteReader();
        while (reader.Read())
        {
            lines.Add(reader.GetString(3));
        }

        return lines;
    }

    [GeneratedRegex("^(SELECT|UPDATE|DELETE|WITH)")]
    private static partial Regex IsQuery();

    [GeneratedRegex("\"(?<table>[a-z_]+)\" AS \"(?<alias>[a-z0-9]+)\"")]
    private static partial Regex Names();

    [GeneratedRegex("^SCAN (?<alias>[a-z0-9_]+)(?<index> USING (COVERING )?INDEX .*)?$")]
    private static partial Regex Scanned();
}
