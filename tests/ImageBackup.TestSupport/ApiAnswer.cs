using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ImageBackup.TestSupport;

/// <summary>A complete response of the service.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, MediaTypeHeaderValue? ContentType)
{
    public JsonElement Body => JsonElement.Parse(Text);

    /// <summary>The name of the error, such as <c>badRequest</c>.</summary>
    public string Fault => Body.EnumerateObject().Single().Name;

    /// <summary>The error's message.</summary>
    public string Message => Body.EnumerateObject().Single().Value.GetProperty("message").GetString()!;
}

/// <summary>The response to the start of an operation.</summary>
public sealed record StartedBackup(int Id, string TaskUri);
