namespace ImageBackup.Identity.Keystone;

/// <summary>Keystone cannot be reached, or does not let the service user validate tokens.</summary>
public sealed class KeystoneUnavailableException(Exception cause) : Exception("The Keystone service is temporarily unavailable.", cause);
