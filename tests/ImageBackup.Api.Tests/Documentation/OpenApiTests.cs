using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The committed OpenAPI document is current and complete: every route, every parameter, every field.</summary>
public sealed partial class OpenApiTests(WholeServiceFixture service) : IClassFixture<WholeServiceFixture>
{
    private const string Update = "UPDATE_OPENAPI";
    private static readonly Uri Address = new("/swagger/v1/swagger.json", UriKind.Relative);
    private static readonly string[] Writing = ["POST", "PUT", "PATCH"];
    private static readonly string[] WithoutBody = ["/verify", "/retry", "/discover", "/tags/{tag}", "/emulator/reset", "/restore"];

    [Fact]
    public async Task The_committed_document_is_the_one_that_the_service_serves()
    {
        var found = (await service.Client.GetStringAsync(Address)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var path = Path.Combine(ProgramRun.Repository, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Update) is not null)
        {
            await File.WriteAllTextAsync(path, found);
        }

        var committed = await File.ReadAllTextAsync(path);
        Assert.True(
            committed == found,
            $"The API has changed. To take it over: {Update}=1 dotnet test --project tests/ImageBackup.Api.Tests --filter The_committed_document; then look at the difference.");
    }

    [Fact]
    public async Task The_document_lists_exactly_the_served_routes()
    {
        var routes = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {Plain(endpoint.RoutePattern.RawText)}"));

        var documented = (await ReadAsync()).Operations.Select(operation => operation.Name);

        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_a_summary_a_success_its_errors_and_described_parameters()
    {
        var document = await ReadAsync();
        var operations = document.Operations;

        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty((string?)operation.Node["summary"]), operation.Name);
            var responses = operation.Node["responses"]!.AsObject().Select(response => int.Parse(response.Key, null)).ToList();
            Assert.Contains(400, responses);
            Assert.Contains(429, responses);
            Assert.Contains(500, responses);
            var shapes = responses.SelectMany(status => document.Response(operation, status)!["content"]?.AsObject().Select(pair => pair.Value!["schema"]!) ?? []);
            Assert.All(shapes, shape => Assert.True(shape["$ref"] is not null || shape["type"] is not null, $"{operation.Name} answers with anything."));
            Assert.All(operation.Parameters, parameter => Assert.NotNull((string?)parameter["description"]));
            Assert.All(operation.Parameters.Where(parameter => (bool?)parameter["required"] == true), parameter => Assert.NotNull(parameter["example"]));
            Assert.Equal(operation.Path.Count(letter => letter == '{'), operation.Parameters.Count(parameter => (string?)parameter["in"] == "path"));
        });
        Assert.Equal(operations.Count, operations.Select(operation => (string?)operation.Node["operationId"]).Distinct().Count());
    }

    [Fact]
    public async Task Every_request_body_is_described_and_has_an_example()
    {
        var operations = (await ReadAsync()).Operations;

        var taking = operations.Where(operation => Writing.Contains(operation.Method) && !WithoutBody.Any(ending => operation.Path.EndsWith(ending, StringComparison.Ordinal)));
        Assert.All(taking, operation =>
        {
            Assert.True(operation.Body is not null, operation.Name);
            Assert.True(operation.Body.Value.Type == "application/octet-stream" || operation.Examples[0] is not null, operation.Name);
        });
    }

    [Fact]
    public async Task Every_field_has_a_description_and_an_example()
    {
        var document = await ReadAsync();

        var fields = document.Schemas.SelectMany(schema => schema.Value!["properties"]?.AsObject().Select(field => (Name: $"{schema.Key}.{field.Key}", Field: field.Value!)) ?? [])
            .Where(field => field.Field["$ref"] is null).ToList();

        Assert.True(fields.Count > 200, $"Only {fields.Count} fields were found.");
        Assert.Empty(fields.Where(field => string.IsNullOrWhiteSpace((string?)field.Field["description"])).Select(field => field.Name));
        Assert.Empty(fields.Where(field => IsScalar(field.Field) && field.Field["example"] is null).Select(field => field.Name));
        Assert.Empty(fields.Where(field => field.Field is JsonObject { Count: 1 }).Select(field => field.Name));
    }

    /// <summary>A text, number or boolean that is never null. A nullable field may have no value to show.</summary>
    private static bool IsScalar(JsonNode field) => (string?)field["type"] is "string" or "integer" or "number" or "boolean" && (bool?)field["nullable"] != true;

    private static string Plain(string? route) => "/" + Constraint().Replace(route ?? "", "{$1}").Trim('/');

    private async Task<ApiDocument> ReadAsync() => new(await service.Client.GetStringAsync(Address));

    [GeneratedRegex(@"\{(\w+):[^/]*\}")]
    private static partial Regex Constraint();
}
