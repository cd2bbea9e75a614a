using Microsoft.AspNetCore.Http.Metadata;

namespace ImageBackup.Api.Http;

/// <summary>Refuses bodies over oslo.middleware's 114,688 bytes before anything else looks at the request; routes that take files lift the limit by their metadata.</summary>
internal sealed class BodyLimit(RequestDelegate next)
{
    /// <summary>oslo.middleware's <c>max_request_body_size</c>.</summary>
    public const int Bytes = 114_688;

    public const string Message = "Request is too large: a body may have at most 114688 bytes.";

    public Task InvokeAsync(HttpContext context)
    {
        var lifted = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null;
        if (!lifted && context.Request.ContentLength > Bytes)
        {
            throw new HttpFaultException(StatusCodes.Status413PayloadTooLarge, Message);
        }

        return next(context);
    }
}
