using System.Net;
using System.Net.Http.Headers;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>
/// Adds IBM's token and the service instance to each request, instead of a signature
/// (https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-curl).
/// </summary>
internal sealed class IbmBearerHandler(IamTokens tokens, string resourceCrn) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Remove("ibm-service-instance-id");
        request.Headers.Add("ibm-service-instance-id", resourceCrn);

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
        {
            // The token was revoked early; the next request fetches another.
            tokens.Forget(token);
        }

        return answer;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens.Dispose();
        }

        base.Dispose(disposing);
    }
}
