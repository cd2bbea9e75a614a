using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2/schemas/…: glanceclient builds its objects from these schemas and checks responses against them</summary>
internal static class ImageSchemas
{
    private const string Uuid = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";
    private static readonly string[] OrNull = ["null", "string"];
    private static readonly string[] IntegerOrNull = ["null", "integer"];

    /// <summary>A JSON schema in Glance's shape.</summary>
    /// <param name="Name" example="image">The name of the described type.</param>
    /// <param name="Properties">The fields, each with type and description.</param>
    /// <param name="AdditionalProperties">The type of further fields. Left out if there are none.</param>
    /// <param name="Links">The links of the described type. Left out if there are none.</param>
    internal sealed record SchemaResponse(
        string Name,
        Dictionary<string, JsonNode> Properties,
        [property: JsonPropertyName("additionalProperties"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FurtherFieldsResponse? AdditionalProperties,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SchemaLinkResponse>? Links);

    /// <summary>The type of further fields.</summary>
    /// <param name="Type" example="string">The type.</param>
    internal sealed record FurtherFieldsResponse(string Type);

    /// <summary>A link of a described type.</summary>
    /// <param name="Rel" example="self">What the link is.</param>
    /// <param name="Href" example="{self}">The address. A field in braces stands for its value.</param>
    internal sealed record SchemaLinkResponse(string Rel, string Href);

    public static Ok<SchemaResponse> Image() => TypedResults.Ok(ImageSchema());

    public static Ok<SchemaResponse> Images() => TypedResults.Ok(ListOf("images", ImageSchema()));

    public static Ok<SchemaResponse> Member() => TypedResults.Ok(MemberSchema());

    public static Ok<SchemaResponse> Members() => TypedResults.Ok(ListOf("members", MemberSchema()));

    private static SchemaResponse ImageSchema() => new(
        "image",
        new()
        {
            ["id"] = Field("string", "The image's id", ("pattern", Uuid)),
            ["name"] = Field(OrNull, "The image's name", ("maxLength", 255)),
            ["status"] = Field("string", "The image's status", ("readOnly", true), ("enum", ImageStatus.All)),
            ["visibility"] = Field("string", "Who sees the image", ("enum", ImageFields.Rules["visibility"].Words!.Words)),
            ["owner"] = Field(OrNull, "The project that owns the image", ("maxLength", 255)),
            ["protected"] = Field("boolean", "True if the image cannot be deleted"),
            ["os_hidden"] = Field("boolean", "True if lists leave the image out"),
            ["size"] = Field(IntegerOrNull, "Size of the image's file in bytes", ("readOnly", true)),
            ["virtual_size"] = Field(IntegerOrNull, "Size of the image's disk in bytes", ("readOnly", true)),
            ["checksum"] = Field(OrNull, "MD5 of the image's file", ("readOnly", true), ("maxLength", 32)),
            ["os_hash_algo"] = Field(OrNull, "The algorithm of os_hash_value", ("readOnly", true), ("maxLength", 64)),
            ["os_hash_value"] = Field(OrNull, "Digest of the image's file, in hex", ("readOnly", true), ("maxLength", 128)),
            ["disk_format"] = Field(OrNull, "Format of the disk", ("enum", (string?[])[null, .. ImageFields.Rules["disk_format"].Words!.Words])),
            ["container_format"] = Field(OrNull, "Format around the disk", ("enum", (string?[])[null, .. ImageFields.Rules["container_format"].Words!.Words])),
            ["min_disk"] = Field("integer", "Disk space in GiB that the image needs to boot"),
            ["min_ram"] = Field("integer", "Memory in MiB that the image needs to boot"),
            ["tags"] = Field("array", "Tags to find the image by", ("items", Field("string", "A tag", ("maxLength", 255)))),
            ["created_at"] = Field("string", "Creation time", ("readOnly", true)),
            ["updated_at"] = Field("string", "Time of the last change", ("readOnly", true)),
            ["self"] = Field("string", "Path of the image", ("readOnly", true)),
            ["file"] = Field("string", "Path of the image's file", ("readOnly", true)),
            ["schema"] = Field("string", "Path of this schema", ("readOnly", true)),
            ["block_device_mapping"] = Field(OrNull, "JSON list of the image's volumes", ("is_base", false)),
        },
        new FurtherFieldsResponse("string"),
        [new SchemaLinkResponse("self", "{self}"), new SchemaLinkResponse("enclosure", "{file}"), new SchemaLinkResponse("describedby", "{schema}")]);

    private static SchemaResponse MemberSchema() => new(
        "member",
        new()
        {
            ["image_id"] = Field("string", "The image's id", ("pattern", Uuid)),
            ["member_id"] = Field("string", "The project's id"),
            ["status"] = Field("string", "Whether the project accepted the image", ("enum", (string[])["pending", "accepted", "rejected"])),
            ["created_at"] = Field("string", "When the image was shared"),
            ["updated_at"] = Field("string", "Time of the last change"),
            ["schema"] = Field("string", "Path of this schema", ("readOnly", true)),
        },
        null,
        null);

    private static SchemaResponse ListOf(string plural, SchemaResponse item) => new(
        plural,
        new()
        {
            [plural] = JsonSerializer.SerializeToNode(new { type = "array", items = item }, ApiJson.Options)!,
            ["schema"] = Field("string", "Path of this schema"),
            ["first"] = Field("string", "Path of the first page"),
            ["next"] = Field("string", "Path of the next page"),
        },
        null,
        [new SchemaLinkResponse("first", "{first}"), new SchemaLinkResponse("next", "{next}"), new SchemaLinkResponse("describedby", "{schema}")]);

    private static JsonNode Field(object type, string description, params ReadOnlySpan<(string Name, object Value)> more)
    {
        var field = new Dictionary<string, object> { ["type"] = type, ["description"] = description };
        foreach (var (name, value) in more)
        {
            field[name] = value;
        }

        return JsonSerializer.SerializeToNode(field)!;
    }
}
