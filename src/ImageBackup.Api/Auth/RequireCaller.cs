using Microsoft.AspNetCore.Authentication;

namespace ImageBackup.Api.Auth;

/// <summary>
/// Answers 401 to a request without a caller before anything shows whether its route exists. The authorization middleware
/// cannot do so, because an unsupported microversion is reported after 401 and before 403.
/// </summary>
internal sealed class RequireCaller(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
        => context.User.Identity?.IsAuthenticated == true || CallerHandler.IsOpen(context) ? next(context) : context.ChallengeAsync();
}
