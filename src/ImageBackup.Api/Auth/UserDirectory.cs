using ImageBackup.Api.Routes.Identity;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>Users, projects and application credentials of the embedded Keystone, as the settings had them when the service started.</summary>
internal sealed class UserDirectory
{
    private readonly Dictionary<string, IdentityUser> _usersById;
    private readonly Dictionary<string, IdentityUser> _usersByName;
    private readonly Dictionary<string, IdentityProject> _projectsById;
    private readonly Dictionary<string, ApplicationCredential> _credentials;

    /// <exception cref="InvalidOperationException">The settings can't be used; the message names the key.</exception>
    public UserDirectory(IOptions<IdentityOptions> options, IOptions<AuthOptions> auth)
    {
        var reader = new UserSettingsReader(auth.Value.ProjectId);
        reader.Read(IdentityOptions.Section, options.Value);
        if (options.Value.UsersFile is { Length: > 0 } file)
        {
            reader.ReadFile(file);
        }

        Projects = reader.Projects;
        Users = reader.Users;
        _usersById = reader.Users.ToDictionary(user => user.Id, StringComparer.Ordinal);

        // Keystone's names of users and projects know no case.
        _usersByName = reader.Users.ToDictionary(user => user.Name, StringComparer.OrdinalIgnoreCase);
        _projectsById = Projects.ToDictionary(project => project.Id, StringComparer.Ordinal);
        _credentials = reader.Credentials.ToDictionary(credential => credential.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<IdentityProject> Projects { get; }

    public IReadOnlyList<IdentityUser> Users { get; }

    public IdentityUser? FindUser(string id) => _usersById.GetValueOrDefault(id);

    public IdentityUser? FindUserByName(string name) => _usersByName.GetValueOrDefault(name);

    public IdentityProject? FindProject(string id) => _projectsById.GetValueOrDefault(id);

    public ApplicationCredential? FindCredential(string id) => _credentials.GetValueOrDefault(id);

    public ApplicationCredential? FindCredential(IdentityUser user, string name) => _credentials.Values
        .FirstOrDefault(credential => credential.User == user && string.Equals(credential.Name, name, StringComparison.Ordinal));
}
