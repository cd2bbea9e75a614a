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

    /// <summary>The service requires a log-in, or the user's role does not suffice.</summary>
    public const int NotPermitted = 3;

    /// <summary>The service has no such image or image backup.</summary>
    public const int NotFound = 4;

    /// <summary>The service, or a node or store that it needs, does not answer.</summary>
    public const int Unreachable = 5;

    /// <summary>Ctrl-C ended the command, as 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
