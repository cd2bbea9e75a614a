using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2/schemas/…</c>: what glanceclient builds its objects from, and checks answers against.</summary>
internal static class ImageSchemas
{
    private const string Uuid = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";
    private static readonly Dictionary<string, object> ImageDocument = BuildImage();
    private static readonly Dictionary<string, object> MemberDocument = BuildMember();

    public static JsonHttpResult<Dictionary<string, object>> Image() => TypedResults.Json(ImageDocument);

    public static JsonHttpResult<Dictionary<string, object>> Images() => TypedResults.Json(ListOf("images", ImageDocument));

    public static JsonHttpResult<Dictionary<string, object>> Member() => TypedResults.Json(MemberDocument);

    public static JsonHttpResult<Dictionary<string, object>> Members() => TypedResults.Json(ListOf("members", MemberDocument));

    private static Dictionary<string, object> BuildImage() => new()
    {
        ["name"] = "image",
        ["properties"] = new Dictionary<string, object>
        {
            ["id"] = Field("string", "The image's id", ("pattern", Uuid)),
            ["name"] = Field(OrNull("string"), "The image's name", ("maxLength", 255)),
            ["status"] = Field("string", "Where the image stands", ("readOnly", true), ("enum", (string[])["queued", "saving", "importing", "active"])),
            ["visibility"] = Field("string", "Who sees the image", ("enum", (string[])["public", "private", "shared", "community"])),
            ["owner"] = Field(OrNull("string"), "The project that owns the image", ("maxLength", 255)),
            ["protected"] = Field("boolean", "True where the image can't be deleted"),
            ["os_hidden"] = Field("boolean", "True where lists leave the image out"),
            ["size"] = Field(OrNull("integer"), "Bytes of the image's file", ("readOnly", true)),
            ["virtual_size"] = Field(OrNull("integer"), "Bytes of the image's disk", ("readOnly", true)),
            ["checksum"] = Field(OrNull("string"), "MD5 of the image's file", ("readOnly", true), ("maxLength", 32)),
            ["os_hash_algo"] = Field(OrNull("string"), "What os_hash_value is computed by", ("readOnly", true), ("maxLength", 64)),
            ["os_hash_value"] = Field(OrNull("string"), "Digest of the image's file, in hex", ("readOnly", true), ("maxLength", 128)),
            ["disk_format"] = Field(OrNull("string"), "Format of the disk", ("enum", (object?[])[null, "raw"])),
            ["container_format"] = Field(OrNull("string"), "Format around the disk", ("enum", (object?[])[null, "bare"])),
            ["min_disk"] = Field("integer", "GiB of disk needed to boot the image"),
            ["min_ram"] = Field("integer", "MiB of memory needed to boot the image"),
            ["tags"] = Field("array", "Words to find the image by", ("items", Field("string", "One of them", ("maxLength", 255)))),
            ["created_at"] = Field("string", "When the image was registered", ("readOnly", true)),
            ["updated_at"] = Field("string", "When the image was last changed", ("readOnly", true)),
            ["self"] = Field("string", "Path of the image", ("readOnly", true)),
            ["file"] = Field("string", "Path of the image's file", ("readOnly", true)),
            ["schema"] = Field("string", "Path of this schema", ("readOnly", true)),
            ["block_device_mapping"] = Field(OrNull("string"), "JSON list of the image's volumes", ("is_base", false)),
        },
        ["additionalProperties"] = new Dictionary<string, object> { ["type"] = "string" },
        ["links"] = (object[])[Link("self", "{self}"), Link("enclosure", "{file}"), Link("describedby", "{schema}")],
    };

    private static Dictionary<string, object> BuildMember() => new()
    {
        ["name"] = "member",
        ["properties"] = new Dictionary<string, object>
        {
            ["image_id"] = Field("string", "The image's id", ("pattern", Uuid)),
            ["member_id"] = Field("string", "The project's id"),
            ["status"] = Field("string", "Whether the project took it", ("enum", (string[])["pending", "accepted", "rejected"])),
            ["created_at"] = Field("string", "When the image was shared"),
            ["updated_at"] = Field("string", "When that was last changed"),
            ["schema"] = Field("string", "Path of this schema", ("readOnly", true)),
        },
    };

    private static Dictionary<string, object> ListOf(string plural, Dictionary<string, object> item) => new()
    {
        ["name"] = plural,
        ["properties"] = new Dictionary<string, object>
        {
            [plural] = new Dictionary<string, object> { ["type"] = "array", ["items"] = item },
            ["schema"] = Field("string", "Path of this schema"),
            ["first"] = Field("string", "Path of the first page"),
            ["next"] = Field("string", "Path of the next page"),
        },
        ["links"] = (object[])[Link("first", "{first}"), Link("next", "{next}"), Link("describedby", "{schema}")],
    };

    private static Dictionary<string, object> Field(object type, string description, params ReadOnlySpan<(string Name, object Value)> more)
    {
        var field = new Dictionary<string, object> { ["type"] = type, ["description"] = description };
        foreach (var (name, value) in more)
        {
            field[name] = value;
        }

        return field;
    }

    private static string[] OrNull(string type) => ["null", type];

    private static Dictionary<string, string> Link(string rel, string href) => new() { ["rel"] = rel, ["href"] = href };
}
