namespace ImageBackup.Identity.Tokens;

/// <summary>A log-in failed. The message is safe to show.</summary>
/// <param name="retryAfter">How long to wait if earlier failures were the reason.</param>
public sealed class LogInRefusedException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>keystonemiddleware's message. It is the same for missing, unknown, expired and revoked tokens.</summary>
    public const string AuthenticationRequired = "The request you have made requires authentication.";

    /// <summary>How long the account must wait. Null if the log-in was checked and failed.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
