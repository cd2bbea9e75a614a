using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Http;

/// <summary>Section <c>ImageBackup:Limits</c>: the limits for one client and for all clients together.</summary>
internal sealed class LimitOptions
{
    public const string Section = ImageBackupOptions.Section + ":Limits";

    /// <summary>Average number of requests per second from one client address; 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 500;

    /// <summary>Number of requests that one client address may send at once.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 2000;

    /// <summary>Time limit of a request. Uploads and downloads of files and event streams have no time limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Number of simultaneous connections.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>Number of simultaneous connections of one client address. Addresses of trusted proxies have no such limit.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerClient { get; set; } = 500;

    /// <summary>How long a new connection may send nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan FirstRequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Number of simultaneous event streams of one user.</summary>
    [Range(1, 1_000_000)]
    public int EventStreamsPerUser { get; set; } = 200;

    /// <summary>Size of all headers of a request in bytes. Keystone's tokens are among them.</summary>
    [Range(4096, 1_048_576)]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;
}
