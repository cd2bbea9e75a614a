namespace ImageBackup.Identity.Users;

/// <summary>The users, projects and application credentials of the embedded Keystone. Reads the settings once.</summary>
public sealed class UserDirectory
{
    private readonly Dictionary<string, IdentityUser> _usersById;
    private readonly Dictionary<string, IdentityUser> _usersByName;
    private readonly Dictionary<string, IdentityProject> _projectsById;
    private readonly Dictionary<string, ApplicationCredential> _credentials;

    /// <param name="defaultProjectId">The id of the project <c>ibm-default</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is invalid. The message names the key.</exception>
    public UserDirectory(IdentityOptions options, string defaultProjectId)
    {
        var reader = new UserSettingsReader(defaultProjectId);
        reader.Read(IdentityOptions.Section, options);
        if (options.UsersFile is { Length: > 0 } file)
        {
            reader.ReadFile(file);
        }

        Projects = reader.Projects;
        Users = reader.Users;
        _usersById = Users.ToDictionary(user => user.Id, StringComparer.Ordinal);

        // Keystone ignores the case of user and project names.
        _usersByName = Users.ToDictionary(user => user.Name, StringComparer.OrdinalIgnoreCase);
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
