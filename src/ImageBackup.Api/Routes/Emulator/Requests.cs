using System.IO.Enumeration;
using System.Text.Json.Nodes;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>GET and DELETE /emulator/requests</summary>
internal static class Requests
{
    private const int DefaultLimit = 100;

    /// <summary>The query parameters of the journal.</summary>
    public static readonly RouteParameter[] Filters =
    [
        new("method", "string", "Only requests with this method.", "POST"),
        new("path", "string", "Only requests whose path matches; * stands for any text.", "*/image-backups/*"),
        new("status", "string", "Only responses with this status, such as 404 or 4xx.", "2xx"),
        new("contains", "string", "Only requests whose body or response contains this text."),
        new("after", "integer", "Only requests with a higher id.", "0"),
        new("limit", "integer", "Maximum number of requests, the newest ones. Default: 100."),
    ];

    /// <summary>A request that the service received.</summary>
    /// <param name="Id" example="1">Counts the requests since the start or the last reset.</param>
    /// <param name="ReceivedAt" example="2026-11-30T12:00:00Z">When it was received.</param>
    /// <param name="RequestId" example="req-3e8a1f5c-0c58-4d0f-9f4e-7a1d4f7f2a11">The id in X-Openstack-Request-Id.</param>
    /// <param name="Method" example="POST">The method.</param>
    /// <param name="Path" example="/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/export_image">The path.</param>
    /// <param name="Query" example="?details=true">The query; empty for none.</param>
    /// <param name="Headers">The headers of the request. Secrets are masked.</param>
    /// <param name="Body" example="{&quot;volume&quot;: {&quot;size&quot;: 1}}">The body as JSON, or as text if it is not JSON. Null if there is none, or it is not text.</param>
    /// <param name="BodyBytes" example="118">The bytes of the body that the service read.</param>
    /// <param name="Status" example="201">The status of the response.</param>
    /// <param name="Answer" example="{&quot;volume&quot;: {&quot;size&quot;: 1}}">The body of the response, like the body of the request.</param>
    /// <param name="AnswerBytes" example="204">The bytes of the response's body.</param>
    /// <param name="Milliseconds" example="7.4">How long the response took.</param>
    internal sealed record JournalEntryResponse(
        long Id, DateTime ReceivedAt, string RequestId, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, JsonNode? Body, long BodyBytes,
        int Status, JsonNode? Answer, long AnswerBytes, double Milliseconds);

    /// <summary>The received requests.</summary>
    /// <param name="Requests">The requests in the order of their ends.</param>
    internal sealed record JournalResponse(IReadOnlyList<JournalEntryResponse> Requests);

    public static Ok<JournalResponse> List(HttpContext context, RequestJournal journal)
    {
        var (method, path, status, contains) = (context.QueryString("method"), context.QueryString("path"), context.QueryString("status"), context.QueryString("contains"));
        var after = context.QueryInteger("after") ?? 0;
        var limit = context.QueryInteger("limit") ?? DefaultLimit;
        var found = journal.List().Where(entry => entry.Id > after
            && (method is null || entry.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            && (path is null || FileSystemName.MatchesSimpleExpression(path, entry.Path))
            && (status is null || HasStatus(entry, status))
            && (contains is null || Contains(entry.Body, contains) || Contains(entry.Answer, contains)));
        return TypedResults.Ok(new JournalResponse([.. found.TakeLast(limit).Select(Describe)]));
    }

    public static NoContent Clear(RequestJournal journal)
    {
        journal.Clear();
        return TypedResults.NoContent();
    }

    private static JournalEntryResponse Describe(JournalEntry entry) => new(
        entry.Id, entry.ReceivedAt, entry.RequestId, entry.Method, entry.Path, entry.Query, entry.Headers, Shown(entry.Body), entry.BodyBytes,
        entry.Status, Shown(entry.Answer), entry.AnswerBytes, Math.Round(entry.Duration.TotalMilliseconds, 1));

    private static JsonNode? Shown(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    private static bool HasStatus(JournalEntry entry, string status)
        => status.EndsWith("xx", StringComparison.OrdinalIgnoreCase) ? $"{entry.Status / 100}" == status[..^2] : $"{entry.Status}" == status;

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
}
