namespace ImageBackup.Identity.Users;

/// <summary>The users, projects and application credentials of the embedded Keystone. Reads the settings once, and a further file at each <see cref="Reload"/>.</summary>
public sealed class UserDirectory
{
    private readonly IdentityOptions options;
    private readonly string defaultProjectId;
    private readonly string? furtherFile;
    private volatile Entries entries;

    /// <param name="options">The settings.</param>
    /// <param name="defaultProjectId">The id of the project <c>ibm-default</c>.</param>
    /// <param name="furtherFile">A file like <c>UsersFile</c> that may be missing; null for none.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is invalid. The message names the key.</exception>
    public UserDirectory(IdentityOptions options, string defaultProjectId, string? furtherFile = null)
    {
        (this.options, this.defaultProjectId, this.furtherFile) = (options, defaultProjectId, furtherFile);
        entries = Read();
    }

    public IReadOnlyList<IdentityProject> Projects => entries.Projects;

    public IReadOnlyList<IdentityUser> Users => entries.Users;

    public IdentityUser? FindUser(string id) => entries.UsersById.GetValueOrDefault(id);

    public IdentityUser? FindUserByName(string name) => entries.UsersByName.GetValueOrDefault(name);

    public IdentityProject? FindProject(string id) => entries.ProjectsById.GetValueOrDefault(id);

    public IdentityProject? FindProjectByName(string name) => entries.ProjectsByName.GetValueOrDefault(name);

    public ApplicationCredential? FindCredential(string id) => entries.Credentials.GetValueOrDefault(id);

    public ApplicationCredential? FindCredential(IdentityUser user, string name) => entries.Credentials.Values
        .FirstOrDefault(credential => credential.User == user && string.Equals(credential.Name, name, StringComparison.Ordinal));

    /// <summary>Reads the settings and the files again.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is invalid. The users stay as they were.</exception>
    public void Reload() => entries = Read();

    private Entries Read()
    {
        var reader = new UserSettingsReader(defaultProjectId);
        reader.Read(IdentityOptions.Section, options);
        if (options.UsersFile is { Length: > 0 } file)
        {
            reader.ReadFile(file);
        }

        if (File.Exists(furtherFile))
        {
            reader.ReadFile(furtherFile);
        }

        return new Entries(reader);
    }

    /// <summary>What was read at one time.</summary>
    private sealed class Entries(UserSettingsReader reader)
    {
        public IReadOnlyList<IdentityProject> Projects { get; } = reader.Projects;

        public IReadOnlyList<IdentityUser> Users { get; } = reader.Users;

        public Dictionary<string, IdentityUser> UsersById { get; } = reader.Users.ToDictionary(user => user.Id, StringComparer.Ordinal);

        // Keystone ignores the case of user and project names.
        public Dictionary<string, IdentityUser> UsersByName { get; } = reader.Users.ToDictionary(user => user.Name, StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, IdentityProject> ProjectsById { get; } = reader.Projects.ToDictionary(project => project.Id, StringComparer.Ordinal);

        public Dictionary<string, IdentityProject> ProjectsByName { get; } = reader.Projects.ToDictionary(project => project.Name, StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, ApplicationCredential> Credentials { get; } = reader.Credentials.ToDictionary(credential => credential.Id, StringComparer.Ordinal);
    }
}
