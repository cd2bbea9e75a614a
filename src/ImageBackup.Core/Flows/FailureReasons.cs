using System.Text.RegularExpressions;
using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Ova;

namespace ImageBackup.Core.Flows;

/// <summary>Describes a failure for clients: the task, the cause and the remedy. The text names no directories of the server.</summary>
public static partial class FailureReasons
{
    private static readonly (string, string?) NoSpace = ("No space left on the disk", "Free space and start the operation again.");

    /// <summary>The cause of an operation that was stopped.</summary>
    public const string Stopped = "stopped";

    /// <summary>The cause of a failure that only a defect explains. The log has its stack trace.</summary>
    public const string Unexpected = "unexpected";

    /// <summary>Returns the cause as one word, for metrics.</summary>
    public static string CauseOf(Exception exception) => exception switch
    {
        InvalidOvaException { IsUnsupported: false } or DiskImageException { Error: DiskImageError.Damaged } => "damaged",
        InvalidOvaException or DiskImageException => "refused",
        BackupException refusal => refusal.Kind == ErrorKind.Unavailable ? "unavailable" : "refused",
        InjectedFaultException => "injected",
        _ when DiskErrors.IsFull(exception) => "disk_full",
        IOException => "disk",
        UnauthorizedAccessException => "permissions",
        TimeoutException => "timeout",
        OperationCanceledException => Stopped,
        _ => Unexpected,
    };

    public static string Describe(string task, Exception exception)
    {
        var (cause, remedy) = Explain(exception);
        return $"{task}: {cause.TrimEnd('.')}.{(remedy is null ? "" : " " + remedy)}";
    }

    private static (string Cause, string? Remedy) Explain(Exception exception) => exception switch
    {
        InvalidOvaException { IsUnsupported: false } => (exception.Message, "The archive or volume is damaged or has other content than expected. Use another copy."),
        DiskImageException { Error: DiskImageError.Damaged } => (exception.Message, "Use another copy of the file."),
        BackupException or InvalidOvaException or DiskImageException => (exception.Message, null),
        InjectedFaultException => (exception.Message, "The fault was injected through /emulator/faults."),
        _ when DiskErrors.IsFull(exception) => NoSpace,
        IOException => (WithoutDirectories(exception.Message), "Check the disk and start the operation again."),
        UnauthorizedAccessException => (WithoutDirectories(exception.Message), "Check the permissions and start the operation again."),
        TimeoutException => (exception.Message, "Start the operation again."),
        OperationCanceledException => ("The task was stopped", null),
        _ => ($"An unexpected error ({exception.GetType().Name})", "See the service's log."),
    };

    /// <summary>Removes directories and keeps file names. Quoted paths may have blanks.</summary>
    private static string WithoutDirectories(string message) => Directories().Replace(message, "$1$2");

    [GeneratedRegex(@"(?<=')(?:/[^/']+)*/([^/']+)(?=')|(?:/[^/'\s]+)*/([^/'\s]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Directories();
}
