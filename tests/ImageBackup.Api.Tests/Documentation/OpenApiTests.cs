using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The OpenAPI document: committed as it is, complete, and its examples work.</summary>
public sealed class OpenApiTests : IDisposable
{
    private static readonly Uri Address = new("/swagger/v1/swagger.json", UriKind.Relative);
    private static readonly string[] Writing = ["post", "put", "patch"];
    private static readonly string[] WithoutBody = ["/verify", "/discover", "/tags/{tag}"];

    private readonly ServiceFixture service = new() { Settings = { ["ImageBackup:Demo:Enabled"] = "true" } };

    [Fact]
    public async Task The_committed_document_is_the_services_own()
    {
        var found = await service.Client.GetStringAsync(Address);

        var committed = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "openapi.json"));
        Assert.True(
            committed.ReplaceLineEndings("\n").TrimEnd() == found.ReplaceLineEndings("\n").TrimEnd(),
            "The API has changed. Look at the difference, then: curl -s http://127.0.0.1:9000/swagger/v1/swagger.json > docs/openapi.json");
    }

    [Fact]
    public async Task Every_operation_has_summary_success_faults_and_described_parameters()
    {
        var operations = await OperationsAsync();

        Assert.True(operations.Count > 50);
        Assert.All(operations, operation =>
        {
            var (name, document) = operation;
            Assert.False(string.IsNullOrEmpty((string?)document["summary"]), name);
            var responses = document["responses"]!.AsObject().Select(response => int.Parse(response.Key, null)).ToList();
            Assert.Single(responses, status => status < 400);
            Assert.Contains(400, responses);
            Assert.All(document["parameters"]?.AsArray() ?? [], parameter => Assert.NotNull((string?)parameter!["description"]));
            Assert.Equal(name.Split('{').Length - 1, document["parameters"]?.AsArray().Count(parameter => (string?)parameter!["in"] == "path") ?? 0);
        });
        Assert.Equal(operations.Count, operations.Select(operation => (string?)operation.Document["operationId"]).Distinct().Count());
    }

    [Fact]
    public async Task Every_operation_that_takes_a_body_describes_it()
    {
        var operations = await OperationsAsync();

        var missing = operations
            .Where(operation => Writing.Contains(operation.Name.Split(' ')[0]) && operation.Document["requestBody"] is null)
            .Where(operation => !WithoutBody.Any(ending => operation.Name.EndsWith(ending, StringComparison.Ordinal)));
        Assert.Empty(missing.Select(operation => operation.Name));
    }

    [Fact]
    public async Task The_examples_of_an_export_start_one_as_they_stand()
    {
        var schemas = JsonNode.Parse(await service.Client.GetStringAsync(Address))!["components"]!["schemas"]!;
        var fields = new JsonObject(schemas["ExportFields"]!["properties"]!.AsObject()
            .Where(property => property.Value!["example"] is not null)
            .Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value!["example"]!.DeepClone())));

        using var answer = await service.Client.PostAsJsonAsync(
            new Uri(ServiceFixture.V3("/image-backups/export_image"), UriKind.Relative), new JsonObject { ["image-backup"] = fields });

        Assert.True(fields.Count >= 5);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => service.Dispose();

    private async Task<List<(string Name, JsonNode Document)>> OperationsAsync()
        => [.. JsonNode.Parse(await service.Client.GetStringAsync(Address))!["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key} {path.Key}", operation.Value!)))];
}
