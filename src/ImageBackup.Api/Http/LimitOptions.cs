using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Http;

/// <summary>Section <c>ImageBackup:Limits</c>: what one client, and all together, may use of the service.</summary>
internal sealed class LimitOptions
{
    public const string Section = ImageBackupOptions.Section + ":Limits";

    /// <summary>Requests that one client address may send in a second, on average; 0 sets no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 500;

    /// <summary>Requests that it may send at once before that counts.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 2000;

    /// <summary>How long a request may take. Files that are sent or fetched, and streams of events, take as long as they take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Connections at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>Bytes of all headers of a request together; Keystone's tokens are among them.</summary>
    [Range(4096, 1_048_576)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;
}
