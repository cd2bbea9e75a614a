using System.Text.Json;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Cli.Output;

/// <summary>The JSON that commands print: the API's, indented.</summary>
internal static class CliJson
{
    public static readonly JsonSerializerOptions Options = Indented();

    private static JsonSerializerOptions Indented()
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        options.WriteIndented = true;
        return options;
    }
}
