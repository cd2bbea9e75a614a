using ImageBackup.Core.Access;

namespace ImageBackup.Api.Http;

/// <summary>Knows who sent a request.</summary>
internal interface ICallerSource
{
    /// <summary>The sender of the request of <paramref name="context"/>; null where nothing valid says who it is.</summary>
    /// <exception cref="Core.Errors.UnavailableException">What would know can't be reached.</exception>
    ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken);
}

internal static class CallerExtensions
{
    /// <summary>Who sent this request; known on every route that isn't open to everybody.</summary>
    public static Caller Caller(this HttpContext context)
        => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route is open to everybody, so nobody knows who sent the request.");
}
