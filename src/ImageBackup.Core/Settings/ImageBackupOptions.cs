using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup</c>: the data directory and the address of the service.</summary>
public sealed class ImageBackupOptions
{
    public const string Section = "ImageBackup";

    /// <summary>The directory for everything that the service stores, relative to the working directory.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Base of <c>task_uri</c> and links, such as <c>https://powervc.example:9000</c>. The default is the address of the request.</summary>
    [HttpUrl]
    public string? PublicEndpoint { get; set; }

    /// <summary>cinder.conf's <c>use_fast_compression</c>. True compresses an export even if the request says <c>False</c>.</summary>
    public bool UseFastCompression { get; set; }

    /// <summary>The proxies in front of the service, as addresses or CIDR networks. One forwarded hop is trusted for each entry.</summary>
    public IList<string> TrustedProxies { get; init; } = [];
}
