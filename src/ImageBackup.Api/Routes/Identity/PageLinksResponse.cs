using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>The addresses of a list.</summary>
/// <param name="Self" example="http://127.0.0.1:9000/identity/v3/projects">The list.</param>
/// <param name="Next">Always null, because lists have one page.</param>
/// <param name="Previous">Always null.</param>
internal sealed record PageLinksResponse(string Self, string? Next = null, string? Previous = null)
{
    public static PageLinksResponse For(HttpContext context) => new(context.ServiceUrl() + context.Request.Path);
}

/// <summary>The address of a project or a user.</summary>
/// <param name="Self" example="http://127.0.0.1:9000/identity/v3/projects/40a58846608e4e908c43b547d4dfb58c">The address.</param>
internal sealed record SelfLinkResponse(string Self)
{
    public static SelfLinkResponse For(HttpContext context, string collection, string id) => new($"{context.ServiceUrl()}{KeystoneAddress.Path}/v3/{collection}/{id}");
}
