using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup</c>: where data lies and how the service is reached.</summary>
public sealed class ImageBackupOptions
{
    public const string Section = "ImageBackup";

    /// <summary>Everything the service keeps; relative to the working directory.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Base of <c>task_uri</c> and links, such as <c>https://powervc.example:9000</c>; otherwise the request's.</summary>
    [HttpUrl]
    public string? PublicEndpoint { get; set; }

    /// <summary>cinder.conf's <c>use_fast_compression</c>: on, an export is compressed even where the request says <c>False</c>.</summary>
    public bool UseFastCompression { get; set; }

    /// <summary>The proxies (addresses or CIDR networks), an entry for each in a chain: their <c>X-Forwarded-*</c> headers count, and as many of them as there are entries.</summary>
    public IList<string> TrustedProxies { get; init; } = [];
}
