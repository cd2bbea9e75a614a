using System.Net;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>Translates a web server's statuses. Messages contain no text of the server, which is not safe to show.</summary>
internal static class WebErrors
{
    public static ObjectStoreException From(HttpStatusCode status, string what)
    {
        var (error, why) = (int)status switch
        {
            401 or 403 => (ObjectStoreError.NoAccess, "the server refuses the request"),
            404 or 410 => (ObjectStoreError.NoObject, "the server does not have the file"),
            408 or 429 or >= 500 => (ObjectStoreError.Unavailable, "the server is unavailable"),
            _ => (ObjectStoreError.Refused, "the server's answer is not a file"),
        };
        return new ObjectStoreException(error, $"{what}: {why} (HTTP {(int)status}).");
    }
}
