namespace ImageBackup.Api.Cli;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done; what was asked about is in order.</summary>
    public const int Done = 0;

    /// <summary>Not done, or not in order: a damaged archive, a service that does not answer, a node nobody registered.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong, or names what is not there.</summary>
    public const int Usage = 2;
}
