using Microsoft.Data.Sqlite;

namespace ImageBackup.Core.Persistence;

/// <summary>A command of a <see cref="KeptConnection"/>, which keeps it with its prepared statement if it is a query of the program.</summary>
internal sealed class KeptCommand : SqliteCommand
{
    /// <summary>True for a query whose text comes again. Its parameters carry the values.</summary>
    public bool IsKept { get; set; }

    protected override void Dispose(bool disposing)
    {
        if (!(disposing && IsKept && DataReader is null && Connection is KeptConnection connection && connection.Keep(this)))
        {
            base.Dispose(disposing);
        }
    }
}
