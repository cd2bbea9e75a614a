using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ImageBackup.Api.Http;

/// <summary>Shapes Cinder's lists: <c>{"volumes":[…],"volumes_links":[{"rel":"next",…}],"count":N}</c>.</summary>
internal static class ListAnswer
{
    /// <summary>The answer for one page; the link to the next one is there only where one follows.</summary>
    /// <param name="context">The request, whose address the link repeats.</param>
    /// <param name="plural">The list's key, such as <c>image-backups</c>.</param>
    /// <param name="page">The page.</param>
    /// <param name="view">What is shown of an item.</param>
    /// <param name="id">An item's id, for the marker.</param>
    public static JsonHttpResult<Dictionary<string, object>> For<T>(
        HttpContext context, string plural, Page<T> page, Func<T, object> view, Func<T, string> id)
    {
        var body = new Dictionary<string, object> { [plural] = page.Items.Select(view).ToList() };
        if (page.HasMore)
        {
            body[$"{plural}_links"] = new[] { new Link("next", context.ServiceUrl() + NextPath(context, id(page.Items[^1]))) };
        }

        if (page.Count is { } count)
        {
            body["count"] = count;
        }

        return TypedResults.Json(body);
    }

    /// <summary>The request's own path and query with the marker moved on.</summary>
    public static string NextPath(HttpContext context, string marker)
    {
        // An offset counts from the start; the marker already stands behind it.
        var query = context.Request.Query.Where(pair => pair.Key is not ("marker" or "offset"))
            .Append(KeyValuePair.Create("marker", new StringValues(marker)));
        return QueryHelpers.AddQueryString(context.Request.Path.ToString(), query);
    }
}
