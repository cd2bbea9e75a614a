using Npgsql;

namespace ImageBackup.Core.Errors;

/// <summary>Recognizes errors of the connection to a database server.</summary>
public static class DatabaseErrors
{
    /// <summary>Returns true if the server does not answer, or could not finish the statement now; the same statement may succeed later.</summary>
    public static bool IsUnavailable(Exception exception)
        => exception is NpgsqlException { IsTransient: true } || (exception.InnerException is { } cause && IsUnavailable(cause));

    /// <summary>Returns true if waiting helps: the server does not answer. A full disk of the server does not become free by waiting.</summary>
    public static bool IsAway(Exception exception) => IsUnavailable(exception) && !DiskErrors.IsFull(exception);
}
