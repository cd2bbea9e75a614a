using System.Text.Json;

namespace ImageBackup.Client;

/// <summary>Reads error bodies: <c>{"&lt;error&gt;": {"code": N, "message": "…"}}</c>.</summary>
internal static class Refusal
{
    public static async Task<ImageBackupException> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(text);
            var fault = document.RootElement.EnumerateObject().First();
            return new ImageBackupException(answer.StatusCode, fault.Name, fault.Value.GetProperty("message").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new ImageBackupException(answer.StatusCode, "", $"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }
}
