using System.Diagnostics;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>Writes the requests to the API into the <see cref="RequestJournal"/>. The emulator's own routes, the page and health checks are left out.</summary>
internal sealed class JournalMiddleware(RequestDelegate next, RequestJournal journal, TimeProvider time)
{
    private static readonly string[] LeftOut = ["/emulator", "/ui", "/swagger", "/metrics", "/healthcheck"];

    /// <summary>Adds the middleware with <c>Emulator:Enabled</c>.</summary>
    public static void Use(WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.Enabled)
        {
            app.UseWhen(context => !LeftOut.Any(path => context.Request.Path.StartsWithSegments(path)), branch => branch.UseMiddleware<JournalMiddleware>());
        }
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var (receivedAt, method, path, query) = (time.GetUtcNow().UtcDateTime, context.Request.Method, context.Request.PathBase + context.Request.Path, context.Request.QueryString.Value ?? "");
        var headers = SecretMask.Headers(context.Request.Headers);
        var (sent, answer) = (new RecordingStream(context.Request.Body), new RecordingStream(context.Response.Body));
        (context.Request.Body, context.Response.Body) = (sent, answer);
        try
        {
            await next(context);
        }
        finally
        {
            (context.Request.Body, context.Response.Body) = (sent.Inner, answer.Inner);
            journal.Add(new JournalEntry
            {
                ReceivedAt = receivedAt,
                RequestId = context.TraceIdentifier,
                Method = method,
                Path = path,
                Query = query,
                Headers = headers,
                Body = SecretMask.Body(sent.Beginning),
                BodyBytes = sent.Count,
                Status = context.Response.StatusCode,
                Answer = SecretMask.Body(answer.Beginning),
                AnswerBytes = answer.Count,
                Duration = Stopwatch.GetElapsedTime(started),
            });
        }
    }
}
