using System.Net;

namespace ImageBackup.Client;

/// <summary>The service refused a request.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="fault">The name of the error, such as <c>badRequest</c>.</param>
/// <param name="message">The service's message.</param>
public sealed class ImageBackupException(HttpStatusCode status, string fault, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => status;

    /// <summary>The name of the error, such as <c>badRequest</c> or <c>itemNotFound</c>.</summary>
    public string Fault => fault;
}

/// <summary>The settings or the catalog do not tell how to reach the service. The message says which value is missing.</summary>
public sealed class CloudSettingsException(string message, Exception? cause = null) : Exception(message, cause);
