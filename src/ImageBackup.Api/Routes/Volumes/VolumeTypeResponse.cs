using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>A storage template, as Cinder shows a volume type.</summary>
/// <param name="Id" example="9c219888-1ab0-429e-9282-7cbc6957c839">The id. An import takes it as volume_type.</param>
/// <param name="Name" example="local base template">The name.</param>
/// <param name="Description" example="The default storage template">The description; null if there is none.</param>
/// <param name="IsPublic" example="true">Always true.</param>
/// <param name="AccessIsPublic" example="true">The same value as is_public, under the name of Cinder's extension.</param>
/// <param name="ExtraSpecs">Further keys and values. Empty for the built-in template.</param>
[Envelope("volume_type", "volume_types")]
internal sealed record VolumeTypeResponse(
    string Id,
    string Name,
    string? Description,
    bool IsPublic,
    [property: JsonPropertyName("os-volume-type-access:is_public")] bool AccessIsPublic,
    Dictionary<string, string> ExtraSpecs)
{
    public static VolumeTypeResponse Of(VolumeTypeRecord type)
        => new(type.Id, type.Name, type.Description, type.IsPublic, type.IsPublic, type.ExtraSpecs);
}
