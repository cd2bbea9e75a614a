using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET /identity/v3/users</c> and <c>/users/{id}</c>. Only administrators see other users than themselves.</summary>
internal static class Users
{
    // Clients that do not know the id of a user ask by name.
    public static Ok<UserListResponse> ListAll(HttpContext context, UserDirectory directory)
    {
        var name = context.QueryString("name");
        var users = directory.Users.Where(user => name is null || string.Equals(user.Name, name, StringComparison.OrdinalIgnoreCase));
        return TypedResults.Ok(new UserListResponse([.. users.Select(user => UserResponse.For(context, user))], PageLinksResponse.For(context)));
    }

    public static Ok<Enveloped<UserResponse>> Show(string id, HttpContext context, UserDirectory directory)
        => Enveloped.Ok(UserResponse.For(context, Find(id, context, directory)));

    /// <summary>Returns the caller.</summary>
    public static IdentityUser Self(HttpContext context, UserDirectory directory)
        => directory.FindUser(context.Caller().UserId) ?? throw new NotFoundException($"Could not find user: {context.Caller().UserId}.");

    /// <summary>Returns a user that the caller may see.</summary>
    public static IdentityUser Find(string id, HttpContext context, UserDirectory directory)
    {
        var caller = context.Caller();
        return caller.IsAdmin || caller.UserId == id
            ? directory.FindUser(id) ?? throw new NotFoundException($"Could not find user: {id}.")
            : throw new ForbiddenException("You are not authorized to perform the requested action: it asks for the role admin.");
    }
}

/// <summary>Users.</summary>
/// <param name="Users">The users.</param>
/// <param name="Links">The page of the list.</param>
internal sealed record UserListResponse(IReadOnlyList<UserResponse> Users, PageLinksResponse Links);

/// <summary>A user.</summary>
/// <param name="Id" example="cd79565c5c3a7eb25c075d02b13966b8">The id.</param>
/// <param name="Name" example="demo">The name.</param>
/// <param name="DomainId" example="default">Always default.</param>
/// <param name="Enabled" example="true">Always true.</param>
/// <param name="PasswordExpiresAt">Always null.</param>
/// <param name="Options">Always empty.</param>
/// <param name="Links">The address of the user.</param>
[Envelope("user")]
internal sealed record UserResponse(
    string Id, string Name, string DomainId, bool Enabled, string? PasswordExpiresAt, IReadOnlyDictionary<string, string> Options, SelfLinkResponse Links)
{
    public static UserResponse For(HttpContext context, IdentityUser user) => new(
        user.Id,
        user.Name,
        DefaultDomain.Id,
        Enabled: true,
        PasswordExpiresAt: null,
        Options: new Dictionary<string, string>(),
        SelfLinkResponse.For(context, "users", user.Id));
}
