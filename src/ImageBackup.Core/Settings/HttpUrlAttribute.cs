using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Accepts an absolute http or https URL, and an empty value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlAttribute : ValidationAttribute
{
    public override bool IsValid(object? value)
        => value is null or "" || (Uri.TryCreate(value as string, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps));
}
