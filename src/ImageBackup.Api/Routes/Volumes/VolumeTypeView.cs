using System.Text.Json.Serialization;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>A storage template as Cinder shows a volume type.</summary>
/// <param name="Id" example="9c219888-1ab0-429e-9282-7cbc6957c839">The id; an import takes it as volume_type.</param>
/// <param name="Name" example="local base template">The name.</param>
/// <param name="Description" example="The default storage template">What it is; null where nothing is said.</param>
/// <param name="IsPublic" example="true">Always true.</param>
/// <param name="AccessIsPublic" example="true">The same, as an extension of Cinder names it.</param>
/// <param name="ExtraSpecs">Further words; empty.</param>
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
