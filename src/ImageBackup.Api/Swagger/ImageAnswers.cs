using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ImageBackup.Api.Swagger;

// Images as Glance shows them; ImageView and ImageSchemas write them.

/// <summary>A page of images.</summary>
internal sealed class ImageListAnswer
{
    /// <summary>The images of this page.</summary>
    public IReadOnlyList<ImageAnswer> Images { get; init; } = [];

    /// <summary>Path of the first page.</summary>
    /// <example>/v2/images</example>
    public string First { get; init; } = "";

    /// <summary>Path of the next page, where one follows.</summary>
    /// <example>/v2/images?marker=9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string? Next { get; init; }

    /// <summary>Path of the schema of the answer.</summary>
    /// <example>/v2/schemas/images</example>
    public string Schema { get; init; } = "";
}

/// <summary>An image. What else was set on it stands beside these, as text.</summary>
internal sealed class ImageAnswer
{
    /// <summary>The id.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string Id { get; init; } = "";

    /// <summary>The name; null where it has none.</summary>
    /// <example>demo-aix</example>
    public string? Name { get; init; }

    /// <summary>queued: there is no file yet; saving: it is on its way; active: it can be exported; killed: it was cut short.</summary>
    /// <example>active</example>
    public string Status { get; init; } = "";

    /// <summary>public, private, shared or community.</summary>
    /// <example>public</example>
    public string Visibility { get; init; } = "";

    /// <summary>The project it belongs to.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public string? Owner { get; init; }

    /// <summary>Bytes of the file; null where there is none.</summary>
    /// <example>67108864</example>
    public long? Size { get; init; }

    /// <summary>Bytes of the disk; null where there is none.</summary>
    /// <example>67108864</example>
    public long? VirtualSize { get; init; }

    /// <summary>MD5 of the file in hex; null where there is none.</summary>
    /// <example>f722cf2e62609cb19c05730cfea35c23</example>
    public string? Checksum { get; init; }

    /// <summary>What os_hash_value is computed by: sha512; null where there is none.</summary>
    /// <example>sha512</example>
    public string? OsHashAlgo { get; init; }

    /// <summary>Digest of the file in hex; null where there is none.</summary>
    /// <example>783b31b01bfc983281675ab6fcff65afa12911112e359a4c798cf65232d6da26aadc78a67d9055de87795af6cf7285a3e1da89b876f51a2011b7682ab3290819</example>
    public string? OsHashValue { get; init; }

    /// <summary>True where lists leave it out.</summary>
    /// <example>false</example>
    public bool OsHidden { get; init; }

    /// <summary>True where it can not be deleted.</summary>
    /// <example>false</example>
    public bool Protected { get; init; }

    /// <summary>raw; null where it was not said.</summary>
    /// <example>raw</example>
    public string? DiskFormat { get; init; }

    /// <summary>bare; null where it was not said.</summary>
    /// <example>bare</example>
    public string? ContainerFormat { get; init; }

    /// <summary>GiB of disk that it needs to boot.</summary>
    /// <example>0</example>
    public int MinDisk { get; init; }

    /// <summary>MiB of memory that it needs to boot.</summary>
    /// <example>0</example>
    public int MinRam { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was registered, UTC.</summary>
    /// <example>2026-11-23T19:15:35Z</example>
    public string CreatedAt { get; init; } = "";

    /// <summary>When it was last changed, UTC.</summary>
    /// <example>2026-11-23T19:15:36Z</example>
    public string UpdatedAt { get; init; } = "";

    /// <summary>Its path.</summary>
    /// <example>/v2/images/9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string Self { get; init; } = "";

    /// <summary>Path of its file.</summary>
    /// <example>/v2/images/9c219888-1ab0-429e-9282-7cbc6957c839/file</example>
    public string File { get; init; } = "";

    /// <summary>Path of its schema.</summary>
    /// <example>/v2/schemas/image</example>
    public string Schema { get; init; } = "";

    /// <summary>JSON text that names its volumes, where it has some.</summary>
    /// <example>[{"boot_index":0,"source_type":"volume","destination_type":"volume","volume_id":"283332d7-a5e4-4df8-9480-08fbae18875b"}]</example>
    public string? BlockDeviceMapping { get; init; }

    /// <summary>Other properties.</summary>
    [JsonExtensionData]
    public Dictionary<string, object> More { get; init; } = [];
}

/// <summary>Whom an image is shared with.</summary>
internal sealed class ImageMembersAnswer
{
    /// <summary>Always empty: images are not shared with single projects.</summary>
    public IReadOnlyList<JsonNode> Members { get; init; } = [];

    /// <summary>Path of the schema of the answer.</summary>
    /// <example>/v2/schemas/members</example>
    public string Schema { get; init; } = "";
}

/// <summary>A JSON schema as Glance has it.</summary>
internal sealed class SchemaAnswer
{
    /// <summary>What it describes.</summary>
    /// <example>image</example>
    public string Name { get; init; } = "";

    /// <summary>The fields, each with type and description.</summary>
    public Dictionary<string, JsonNode> Properties { get; init; } = [];

    /// <summary>What other fields may be, where some may.</summary>
    [JsonPropertyName("additionalProperties")]
    public SchemaOtherFields? AdditionalProperties { get; init; }

    /// <summary>Where its parts lead, where they lead somewhere.</summary>
    public IReadOnlyList<SchemaLinkFields>? Links { get; init; }
}

/// <summary>A link of a schema.</summary>
internal sealed class SchemaLinkFields
{
    /// <summary>What the link is.</summary>
    /// <example>self</example>
    public string Rel { get; init; } = "";

    /// <summary>Where it leads; a field in braces stands for its value.</summary>
    /// <example>{self}</example>
    public string Href { get; init; } = "";
}

/// <summary>What further fields may be.</summary>
internal sealed class SchemaOtherFields
{
    /// <summary>Their type.</summary>
    /// <example>string</example>
    public string Type { get; init; } = "";
}
