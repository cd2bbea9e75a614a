using ImageBackup.Api.Http;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Bounds the event streams that one user may have open at once from one address.</summary>
internal sealed class EventStreamLimit(IOptions<LimitOptions> limits)
{
    private readonly Lock sync = new();
    private readonly Dictionary<(string User, string Client), int> streams = [];

    /// <summary>Counts a stream until the end of its request.</summary>
    /// <exception cref="HttpErrorException">429: the user has <see cref="LimitOptions.EventStreamsPerUser"/> streams.</exception>
    public void Count(HttpContext context)
    {
        var owner = (context.Caller().UserId, ClientAddress.Network(context.Connection.RemoteIpAddress));
        var most = limits.Value.EventStreamsPerUser;
        lock (sync)
        {
            var open = streams.GetValueOrDefault(owner);
            if (open >= most)
            {
                throw new HttpErrorException(
                    StatusCodes.Status429TooManyRequests,
                    $"This user has {most} event streams already (Limits:EventStreamsPerUser). Close one, or poll get_progress without 'Accept: {GetProgress.EventStream}'.");
            }

            streams[owner] = open + 1;
        }

        context.Response.OnCompleted(() => Leave(owner));
    }

    private Task Leave((string User, string Client) owner)
    {
        lock (sync)
        {
            if (--streams[owner] == 0)
            {
                streams.Remove(owner);
            }
        }

        return Task.CompletedTask;
    }
}
