using System.Text.Json.Serialization;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ImageBackup.Api.Http;

/// <summary>One page of a list, in Cinder's shape: <c>{"volumes":[…],"volumes_links":[{"rel":"next",…}],"count":N}</c>.</summary>
/// <param name="Items">The items of this page.</param>
/// <param name="ItemsLinks">The address of the next page. Left out on the last page.</param>
/// <param name="Count" example="1">Number of items on all pages. Only with with_count.</param>
internal sealed record ListResponse<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Link>? ItemsLinks = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count = null);

/// <summary>Makes pages of lists.</summary>
internal static class ListResponse
{
    /// <summary>Returns 200 with a page.</summary>
    /// <param name="context">The request, whose address the link to the next page repeats.</param>
    /// <param name="page">The page.</param>
    /// <param name="toResponse">Maps an item to its response.</param>
    /// <param name="toMarker">Returns an item's id, for the marker of the next page.</param>
    public static Ok<ListResponse<TResponse>> Ok<T, TResponse>(HttpContext context, Page<T> page, Func<T, TResponse> toResponse, Func<T, string> toMarker)
        where T : class
        => TypedResults.Ok(new ListResponse<TResponse>(
            [.. page.Items.Select(toResponse)],
            page.Last is { } last ? [new Link("next", context.ServiceUrl() + NextPath(context, toMarker(last)))] : null,
            page.Count));

    /// <summary>Returns the request's own path and query with another marker.</summary>
    public static string NextPath(HttpContext context, string marker)
    {
        // The marker already stands behind the offset.
        var query = context.Request.Query.Where(pair => pair.Key is not ("marker" or "offset"))
            .Append(KeyValuePair.Create("marker", new StringValues(marker)));
        return QueryHelpers.AddQueryString(context.Request.Path.ToString(), query);
    }
}
