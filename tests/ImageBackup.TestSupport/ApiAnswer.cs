using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ImageBackup.TestSupport;

/// <summary>An answer of the service, read to its end.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, MediaTypeHeaderValue? ContentType)
{
    public JsonElement Body => JsonElement.Parse(Text);

    /// <summary>The name of the fault, such as <c>badRequest</c>.</summary>
    public string Fault => Body.EnumerateObject().Single().Name;

    /// <summary>The fault's message.</summary>
    public string Message => Body.EnumerateObject().Single().Value.GetProperty("message").GetString()!;
}

/// <summary>What a long operation answered with.</summary>
public sealed record StartedBackup(int Id, string TaskUri);
