using System.Text.RegularExpressions;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>The projects that a seed names.</summary>
internal sealed partial class SeedScope(UserDirectory directory, IOptions<AuthOptions> auth)
{
    /// <summary>Returns an administrator of a project, which is given by its name or id; null for ibm-default.</summary>
    public Caller CallerOf(string? project) => new(IdOf(project), "emulator", [RoleNames.Admin], SeesEveryProject: false);

    private string IdOf(string? project)
    {
        if (project is null or "ibm-default")
        {
            return auth.Value.ProjectId;
        }

        return directory.FindProjectByName(project)?.Id
            ?? (ProjectId().IsMatch(project) ? project
                : throw InvalidField.Create("project", project, $"Use the name of a seeded project, or an id of hex digits and dashes. The known projects are {InvalidField.Words(["ibm-default", .. directory.Projects.Select(known => known.Name)])}."));
    }

    [GeneratedRegex(@"\A[0-9a-f\-]{1,64}\z")]
    private static partial Regex ProjectId();
}
