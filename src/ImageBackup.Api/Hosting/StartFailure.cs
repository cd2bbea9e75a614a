using System.Net.Sockets;
using System.Security.Cryptography;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Hosting;

/// <summary>Explains to the operator why a start failed.</summary>
internal static class StartFailure
{
    /// <summary>Returns one line, or null for an exception that only a defect of the program causes.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        StartException or OptionsValidationException => FirstLine(failure.Message),
        IOException { InnerException: AddressInUseException } => $"{FirstLine(failure.Message)} Stop the program that listens there, or choose another address with --urls.",
        InvalidDataException { InnerException: { } cause } => $"The service cannot start: {FirstLine(failure.Message)} {FirstLine(cause.GetBaseException().Message)}",
        IOException or InvalidDataException or UnauthorizedAccessException or SocketException or CryptographicException
            or InvalidOperationException or FormatException or ArgumentException => $"The service cannot start: {FirstLine(failure.Message)}",
        _ => null,
    };

    private static string FirstLine(string message) => message.Split('\n', '\r')[0];
}
