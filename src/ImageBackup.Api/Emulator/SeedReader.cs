using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ImageBackup.Api.Emulator;

/// <summary>Reads seeds in YAML or JSON. The rules are those of <see cref="SeedRequest"/>.</summary>
internal static class SeedReader
{
    /// <summary>The media types of YAML: that of RFC 9512, and those before it.</summary>
    public static readonly string[] YamlTypes = ["application/yaml", "application/x-yaml", "text/yaml"];

    /// <summary>More nodes come from aliases of aliases only.</summary>
    private const int MostNodes = 100_000;

    /// <summary>Reads a file: JSON if its name ends with <c>.json</c>, otherwise YAML.</summary>
    /// <exception cref="InvalidRequestException">The message names the field, its value and what is accepted.</exception>
    public static async Task<SeedRequest> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? RequestReader.Read<SeedRequest>(JsonBody.Parse(text)) : ReadYaml(text);
    }

    /// <summary>Reads YAML.</summary>
    /// <exception cref="InvalidRequestException">The message names the field, its value and what is accepted.</exception>
    public static SeedRequest ReadYaml(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var nodes = 0;
            var root = stream.Documents.Count == 1 ? Convert(stream.Documents[0].RootNode, ref nodes) : null;
            return RequestReader.Read<SeedRequest>(JsonSerializer.SerializeToElement(root ?? throw new InvalidRequestException("Malformed request body: one YAML document is expected.")));
        }
        catch (YamlException e)
        {
            throw new InvalidRequestException($"Malformed request body: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }

    private static JsonNode? Convert(YamlNode node, ref int nodes)
    {
        if (++nodes > MostNodes)
        {
            throw new InvalidRequestException($"Malformed request body: it has more than {MostNodes} values. Use fewer aliases.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var record = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    record[$"{key}"] = Convert(value, ref nodes);
                }

                return record;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    list.Add(Convert(item, ref nodes));
                }

                return list;
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    /// <summary>Returns the value of YAML's core schema (YAML 1.2.2, section 10.3). Quoted scalars are text.</summary>
    private static JsonValue? Scalar(YamlScalarNode node)
    {
        var text = node.Value ?? "";
        if (node.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
