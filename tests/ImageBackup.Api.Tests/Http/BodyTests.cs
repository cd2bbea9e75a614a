using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

public sealed class BodyTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string Volumes = ServiceFixture.V3("/volumes");
    private static readonly string Nodes = ServiceFixture.V3("/backup-nodes");

    [Theory]
    [InlineData("{\n  \"volume\": {\n    \"name\": “v”, \"size\": 1}}", "“ U+201C at line 3, column 13: use the plain quote \"")]
    [InlineData("{\"volume\": {\"name”: \"v\"}}", "” U+201D at line 1, column 18: use the plain quote \"")]
    [InlineData("{\"volume\": {‘size’: 1}}", "‘ U+2018 at line 1, column 13: use the plain quote \"")]
    [InlineData("{\"volume\": {\"size\": 1,}}", "line 1, column 23")]
    [InlineData("{\"volume\": {\"größe\": 1 \"x\": 2}}", "line 1, column 24")]
    [InlineData("{\"volume\": {\"size\": 1", "line 1, column 22")]
    [InlineData("nonsense", "line 1, column")]
    [InlineData("", "it is empty")]
    [InlineData("{\"volume\": {\"size\": 1, \"size\": 2}}", "the key 'size' occurs more than once")]
    public async Task A_body_that_is_not_JSON_is_a_400_with_the_position(string body, string where)
    {
        var answer = await service.Client.PostJsonAsync(Volumes, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("badRequest", answer.Key);
        Assert.StartsWith("Malformed request body: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains(where, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typographic_quotes_inside_a_JSON_string_are_accepted()
    {
        var answer = await service.Client.PostJsonAsync(Volumes, """{"volume":{"size":1,"name":"the “good” one"}}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("the “good” one", answer.Body.GetProperty("volume").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("{}", "'volume' is a required property")]
    [InlineData("[]", "[] is not of type 'object'")]
    [InlineData("{\"volume\": 5}", "Invalid input for field/attribute volume. Value: 5. 5 is not of type 'object'")]
    [InlineData("{\"volume\": {\"size\": 1}, \"x\": 1}", "Additional properties are not allowed ('x' was unexpected)")]
    [InlineData("{\"volume\": {\"size\": 1, \"a\": 1, \"b\": 2}}", "Invalid input for field/attribute volume. Additional properties are not allowed ('a', 'b' were unexpected)")]
    [InlineData("{\"volume\": {\"size\": 0}}", "Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1")]
    [InlineData("{\"volume\": {\"size\": \"1.5\"}}", "Invalid input for field/attribute size. Value: 1.5. '1.5' is not an integer from 1 to 65536")]
    [InlineData("{\"volume\": {\"size\": true}}", "Invalid input for field/attribute size. Value: True. True is not an integer from 1 to 65536")]
    [InlineData("{\"volume\": {\"size\": 1, \"name\": 7}}", "Invalid input for field/attribute name. Value: 7. 7 is not of type 'string'")]
    [InlineData("{\"volume\": {\"name\": \"x\"}}", "'size' is required")]
    public async Task An_invalid_field_is_a_400_that_names_it_and_its_value(string body, string message)
    {
        var answer = await service.Client.PostJsonAsync(Volumes, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"YES\"", true)]
    [InlineData("\"1\"", true)]
    [InlineData("\"oN\"", true)]
    [InlineData("false", false)]
    [InlineData("\"FALSE\"", false)]
    [InlineData("\"n\"", false)]
    [InlineData("\"0\"", false)]
    public async Task Booleans_are_JSON_or_the_words_of_Cinder_in_any_case(string value, bool expected)
    {
        var answer = await service.Client.PutJsonAsync($"{Nodes}/local", $$$"""{"backup_nodes":{"registration":{"fast_compression":{{{value}}} } } }""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, answer.Body.GetProperty("backup_node").GetProperty("registration").GetProperty("fast_compression").GetBoolean());
    }

    [Theory]
    [InlineData("\"maybe\"", "maybe")]
    [InlineData("2", "2")]
    public async Task Another_word_is_not_a_boolean_and_the_accepted_words_are_named(string value, string shown)
    {
        var answer = await service.Client.PutJsonAsync($"{Nodes}/local", $$$"""{"backup_nodes":{"registration":{"fast_compression":{{{value}}} } } }""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith($"Invalid input for field/attribute fast_compression. Value: {shown}. ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("'yes'", answer.Message, StringComparison.Ordinal);
        Assert.Contains("'off'", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_type_is_a_415_that_names_the_accepted_one()
    {
        var answer = await service.Client.CallAsync(HttpMethod.Post, Volumes, "size=1", "application/x-www-form-urlencoded");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal("badMediaType", answer.Key);
        Assert.Contains("send application/json", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.openstack.volume+json")]
    public async Task JSON_is_accepted_with_each_of_its_content_types(string contentType)
    {
        var answer = await service.Client.CallAsync(HttpMethod.Post, Volumes, """{"volume":{"size":"1"}}""", contentType);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
    }

    [Fact]
    public async Task A_body_without_a_content_type_is_refused()
    {
        var answer = await service.Client.CallAsync(HttpMethod.Post, Volumes, """{"volume":{"size":"1"}}""", contentType: null);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.StartsWith("The body has no Content-Type: send application/json", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413()
    {
        var answer = await service.Client.PostJsonAsync(Volumes, new string(' ', 114_689));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("overLimit", answer.Key);
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read()
    {
        const string body = """{"volume":{"size":1}}""";

        var answer = await service.Client.PostJsonAsync(Volumes, body.PadRight(114_688));

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_a_400()
    {
        using var content = new ByteArrayContent([(byte)'{', 0xff, 0xfe, (byte)'}']);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await service.Client.PostAsync(Volumes, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not UTF-8", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
