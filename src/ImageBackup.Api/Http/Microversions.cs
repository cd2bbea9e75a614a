using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>Reads <c>OpenStack-API-Version: volume 3.50</c> of requests below <c>/v3</c> and returns the version that applies.</summary>
internal sealed class Microversions(RequestDelegate next, IOptions<ApiOptions> options)
{
    private const string Header = "OpenStack-API-Version";
    private const string Service = "volume";
    private readonly Microversion _highest = Microversion.Parse(options.Value.MaxMicroversion)!.Value;

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v3", out var rest) || rest.Value is "" or "/")
        {
            return next(context);
        }

        // An unknown route is a 404, whatever the header says.
        var version = context.GetEndpoint() is RouteEndpoint ? Read(context.Request.Headers[Header].ToString()) : Microversion.Lowest;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = $"{Service} {version}";
            context.Response.Headers.Append("Vary", Header);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private Microversion Read(string header)
    {
        foreach (var entry in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (string.Equals(parts[0], Service, StringComparison.OrdinalIgnoreCase))
            {
                return parts.Length == 2 ? Check(parts[1]) : throw BadFormat(entry);
            }
        }

        return Microversion.Lowest;
    }

    private Microversion Check(string text)
    {
        if (string.Equals(text, "latest", StringComparison.OrdinalIgnoreCase))
        {
            return _highest;
        }

        var version = Microversion.Parse(text) ?? throw BadFormat(text);
        return version.CompareTo(Microversion.Lowest) >= 0 && version.CompareTo(_highest) <= 0
            ? version
            : throw new HttpErrorException(
                StatusCodes.Status406NotAcceptable,
                $"Version {version} is not supported by the API. Minimum is {Microversion.Lowest} and maximum is {_highest}.");
    }

    private static HttpErrorException BadFormat(string text)
        => new(StatusCodes.Status400BadRequest, $"API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum.");
}
