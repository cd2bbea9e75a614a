namespace ImageBackup.Api.Hosting;

/// <summary>The process's exit codes.</summary>
internal static class ExitCodes
{
    /// <summary>The command or the service ended normally, and a check found nothing wrong.</summary>
    public const int Done = 0;

    /// <summary>The command failed, or a check found a fault: a damaged archive, a service that does not answer, an unknown node.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or the service cannot start with these settings on this machine.</summary>
    public const int Usage = 2;
}
