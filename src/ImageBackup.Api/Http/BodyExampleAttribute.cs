namespace ImageBackup.Api.Http;

/// <summary>A request body that works as it stands on a first start. Swagger UI offers it, and a test sends it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class BodyExampleAttribute(string summary, string json) : Attribute
{
    /// <summary>The example's title.</summary>
    public string Summary => summary;

    /// <summary>The body.</summary>
    public string Json => json;
}
