using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageBackup.Core.Flows;

/// <summary>How states and results are written: wire names, as the progress document shows them.</summary>
public static class FlowJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
    };
}
