using System.Text.Json.Serialization;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Volumes;

/// <summary>A storage template as Cinder shows a volume type.</summary>
internal sealed record VolumeTypeView(
    string Id,
    string Name,
    string? Description,
    bool IsPublic,
    [property: JsonPropertyName("os-volume-type-access:is_public")] bool AccessIsPublic,
    Dictionary<string, string> ExtraSpecs)
{
    public static VolumeTypeView Of(VolumeTypeRecord type)
        => new(type.Id, type.Name, type.Description, type.IsPublic, type.IsPublic, type.ExtraSpecs);
}
