using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Startup;

/// <summary>Prepares the database at a start.</summary>
internal interface IDatabaseSetup
{
    /// <summary>True if other processes may use the database at the same time.</summary>
    bool IsShared { get; }

    /// <summary>Applies the migrations that are missing.</summary>
    /// <exception cref="StartException">A newer version has written the database.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Returns when the database has the tables of this version.</summary>
    /// <exception cref="StartException">A newer version has written the database.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Runs a part of the start that only one process at a time may run.</summary>
    Task RunAloneAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <summary>Returns why the database cannot be used, for the operator; null if the exception does not come from the database.</summary>
    string? Explain(Exception failure);
}
