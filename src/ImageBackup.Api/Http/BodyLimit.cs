using Microsoft.AspNetCore.Http.Metadata;

namespace ImageBackup.Api.Http;

/// <summary>Refuses bodies over oslo.middleware's limit of 114,688 bytes. Metadata lifts the limit for routes that receive files.</summary>
internal sealed class BodyLimit(RequestDelegate next)
{
    /// <summary>oslo.middleware's <c>max_request_body_size</c>.</summary>
    public const int Bytes = 114_688;

    public const string Message = "Request is too large: a body may have at most 114688 bytes.";

    public Task InvokeAsync(HttpContext context)
    {
        var isLifted = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null;
        if (!isLifted && context.Request.ContentLength > Bytes)
        {
            throw new HttpErrorException(StatusCodes.Status413PayloadTooLarge, Message);
        }

        return next(context);
    }
}
