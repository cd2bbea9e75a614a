using System.Net;
using System.Net.Http.Headers;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>Gets ranges of files at allowed URLs. Checks the target of each redirect as it checks the URL.</summary>
internal sealed class WebClient(SocketsHttpHandler handler, SourceUrlOptions options) : IDisposable
{
    private const int MaxRedirects = 5;
    private const string Setting = $"{SourceUrlOptions.Section}:{nameof(SourceUrlOptions.AllowedHosts)}";

    private readonly HttpClient http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<AllowedHost> hosts = [.. options.AllowedHosts.Select(AllowedHost.TryParse).OfType<AllowedHost>()];

    /// <summary>Returns the URL without its query, which may be a secret.</summary>
    public static string Describe(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: the URL is not allowed.</exception>
    public void Require(Uri url)
    {
        if (WhyNot(url) is { } why)
        {
            throw Refused(why);
        }
    }

    /// <summary>Sends GET and follows at most five redirects. The answer's body is not read yet.</summary>
    /// <param name="url">An allowed URL.</param>
    /// <param name="range">The wanted bytes; null for the whole file.</param>
    /// <param name="ifRange">The ETag or the time of change that the file must still have (RFC 9110, 13.1.5); null for any.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<HttpResponseMessage> GetAsync(Uri url, FileRange? range, RangeConditionHeaderValue? ifRange, CancellationToken cancellationToken)
    {
        var target = url;
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.AcceptEncoding.ParseAdd("identity");
            request.Headers.UserAgent.ParseAdd(nameof(ImageBackup));
            request.Headers.Range = range is { } bytes ? new RangeHeaderValue(bytes.Offset, bytes.End - 1) : null;
            request.Headers.IfRange = ifRange;
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!IsRedirect(answer.StatusCode))
            {
                return answer;
            }

            using (answer)
            {
                target = Next(target, answer.Headers.Location);
            }
        }

        throw Refused($"{Describe(url)} redirects more than {MaxRedirects} times");
    }

    public void Dispose() => http.Dispose();

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static ObjectStoreException Refused(string why) => new(ObjectStoreError.Refused, $"source_url: {why}.");

    /// <summary>Returns why a URL is not allowed; null if it is.</summary>
    private string? WhyNot(Uri url)
        => hosts.Count == 0 ? $"imports by URL are switched off, because {Setting} names no host. Ask the administrator to add '{url.Authority}'"
            : url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 ? $"{Describe(url)} is not a URL of http or https without user name and password"
            : !hosts.Exists(host => host.Has(url)) ? $"'{url.Authority}' is not among the hosts of {Setting}. Use a URL of one of those hosts, or ask the administrator to add it"
            : null;

    private Uri Next(Uri from, Uri? location)
    {
        var target = location is null ? throw Refused($"{Describe(from)} redirects without a Location") : new Uri(from, location);
        if (from.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps)
        {
            throw Refused($"{Describe(from)} redirects from https to {target.Scheme}");
        }

        return WhyNot(target) is { } why ? throw Refused($"{Describe(from)} redirects to a URL that is not allowed: {why}") : target;
    }
}
