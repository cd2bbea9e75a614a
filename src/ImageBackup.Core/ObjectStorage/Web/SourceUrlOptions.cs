using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>Section <c>ImageBackup:SourceUrl</c>: where imports with <c>source_url</c> may download from. The limits of transfers are those of <see cref="CosOptions"/>.</summary>
public sealed class SourceUrlOptions : IValidatableObject
{
    public const string Section = "ImageBackup:SourceUrl";

    /// <summary>The hosts: <c>mirror.example</c>, <c>*.example</c> for its subdomains, <c>mirror.example:8443</c> for a port of its own. Empty: no import by URL.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>True if the hosts may have loopback, private and link-local addresses.</summary>
    public bool AllowPrivateAddresses { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => AllowedHosts.Where(entry => AllowedHost.TryParse(entry) is null).Select(entry => new ValidationResult(
            $"{Section}:{nameof(AllowedHosts)} '{entry}' is not accepted. Use a host name or an address, such as mirror.example, *.example, 192.0.2.7 or mirror.example:8443."));
}
