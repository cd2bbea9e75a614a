using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Users;

/// <summary>Turns settings into users, projects and application credentials. A refusal names the key.</summary>
internal sealed partial class UserSettingsReader(string defaultProjectId)
{
    private const string DefaultProject = "ibm-default";
    private readonly List<IdentityProject> _projects = [];
    private readonly List<IdentityUser> _users = [];
    private readonly List<ApplicationCredential> _credentials = [];

    public IReadOnlyList<IdentityProject> Projects => _projects;

    public IReadOnlyList<IdentityUser> Users => _users;

    public IReadOnlyList<ApplicationCredential> Credentials => _credentials;

    /// <summary>Adds the projects and users of a section.</summary>
    public void Read(string section, IdentityOptions options)
    {
        for (var i = 0; i < options.Projects.Count; i++)
        {
            ReadProject($"{section}:Projects:{i}", options.Projects[i]);
        }

        for (var i = 0; i < options.Users.Count; i++)
        {
            ReadUser($"{section}:Users:{i}", options.Users[i]);
        }
    }

    /// <summary>Adds the projects and users of a JSON file <c>{"Projects": […], "Users": […]}</c>.</summary>
    public void ReadFile(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw Refusal($"{IdentityOptions.Section}:UsersFile", $"the file '{path}' does not exist");
        }

        var options = new IdentityOptions();
        try
        {
            new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build()
                .Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw Refusal($"{IdentityOptions.Section}:UsersFile", $"'{path}' is invalid: {(e.InnerException ?? e).Message.TrimEnd('.')}");
        }

        Read(path, options);
    }

    private void ReadProject(string key, ProjectSettings settings)
    {
        var name = Name(key, settings.Name);
        var id = settings.Id ?? DerivedId("project", name);
        if (!ProjectIdFormat().IsMatch(id))
        {
            throw Refusal($"{key}:Id", $"'{id}' must have 1 to 64 hex digits and dashes");
        }

        if (_projects.Any(project => project.Id == id || SameName(project.Name, name)))
        {
            throw Refusal(key, $"a project with the name '{name}' or the id '{id}' already exists");
        }

        _projects.Add(new IdentityProject(id, name));
    }

    private void ReadUser(string key, UserSettings settings)
    {
        var name = Name(key, settings.Name);
        var id = settings.Id is { Length: > 0 } given ? given : DerivedId("user", name);
        if (_users.Any(user => user.Id == id || SameName(user.Name, name)))
        {
            throw Refusal(key, $"a user with the name '{name}' or the id '{id}' already exists");
        }

        IReadOnlyList<IdentityProject> projects = settings.Projects.Count == 0
            ? [Project(key, DefaultProject)]
            : [.. settings.Projects.Select((project, i) => Project($"{key}:Projects:{i}", project)).Distinct()];
        var user = new IdentityUser(id, name, projects, ProjectRoles(key, settings, projects), Hash(key, id, "Password", settings.Password, settings.PasswordHash));
        _users.Add(user);
        for (var i = 0; i < settings.ApplicationCredentials.Count; i++)
        {
            ReadCredential($"{key}:ApplicationCredentials:{i}", user, settings.ApplicationCredentials[i]);
        }
    }

    private void ReadCredential(string key, IdentityUser user, ApplicationCredentialSettings settings)
    {
        var name = Name(key, settings.Name);
        var id = settings.Id is { Length: > 0 } given ? given : DerivedId("application credential", $"{user.Id}/{name}");
        if (_credentials.Any(credential => credential.Id == id || (credential.User == user && credential.Name == name)))
        {
            throw Refusal(key, $"an application credential with the name '{name}' or the id '{id}' already exists");
        }

        var project = settings.Project is { Length: > 0 } wanted
            ? user.Projects.FirstOrDefault(candidate => SameName(candidate.Name, wanted))
                ?? throw Refusal($"{key}:Project", $"'{wanted}' is not one of the user's projects ({string.Join(", ", user.Projects.Select(candidate => candidate.Name))})")
            : user.Projects[0];
        var usersRoles = user.Roles[project];
        var roles = Roles($"{key}:Roles", settings.Roles, usersRoles);
        if (roles.Except(usersRoles).FirstOrDefault() is { } excess)
        {
            throw Refusal($"{key}:Roles", $"the user does not have '{excess}' ({string.Join(", ", usersRoles)})");
        }

        _credentials.Add(new ApplicationCredential(
            id, name, user, project, roles, settings.ExpiresAt?.UtcDateTime, Hash(key, id, "Secret", settings.Secret, settings.SecretHash)));
    }

    private IdentityProject Project(string key, string name)
    {
        if (_projects.FirstOrDefault(project => SameName(project.Name, name)) is null)
        {
            // Records made with Auth:Mode None stay visible.
            ReadProject(key, new ProjectSettings { Name = name, Id = SameName(name, DefaultProject) ? defaultProjectId : null });
        }

        return _projects.First(project => SameName(project.Name, name.Trim()));
    }

    private static Lazy<PasswordHash> Hash(string key, string owner, string name, string? plain, string? hash)
    {
        if (string.IsNullOrEmpty(plain) == string.IsNullOrEmpty(hash))
        {
            throw Refusal(key, $"give either {name} or {name}Hash");
        }

        if (!string.IsNullOrEmpty(plain))
        {
            // On first use, because a hash takes 0.1 to 0.2 seconds.
            return new Lazy<PasswordHash>(() => PasswordHash.CreateFor(owner, plain));
        }

        var parsed = PasswordHash.Parse(hash!) ?? throw Refusal(
            $"{key}:{name}Hash", $"it is not a hash that the command hash-password printed");
        return new Lazy<PasswordHash>(parsed);
    }

    private static Dictionary<IdentityProject, IReadOnlyList<string>> ProjectRoles(string key, UserSettings settings, IReadOnlyList<IdentityProject> projects)
    {
        var everywhere = Roles($"{key}:Roles", settings.Roles, [RoleNames.Member]);
        var roles = projects.ToDictionary(project => project, _ => everywhere);
        foreach (var (name, names) in settings.ProjectRoles)
        {
            var place = $"{key}:ProjectRoles:{name}";
            var project = projects.FirstOrDefault(candidate => SameName(candidate.Name, name))
                ?? throw Refusal(place, $"'{name}' is not one of the user's projects ({string.Join(", ", projects.Select(candidate => candidate.Name))})");
            roles[project] = names is { Count: > 0 } ? Roles(place, names, []) : throw Refusal(place, "it must name a role");
        }

        return roles;
    }

    private static IReadOnlyList<string> Roles(string key, IList<string> roles, IReadOnlyList<string> absent)
    {
        var names = RoleNames.WithImplied(roles.Count == 0 ? absent : roles);
        return names.Except(RoleNames.All).FirstOrDefault() is { } unknown
            ? throw Refusal(key, $"'{unknown}' is not one of {string.Join(", ", RoleNames.All)}")
            : names;
    }

    private static string Name(string key, string? name)
        => name?.Trim() is { Length: > 0 and <= 255 } trimmed ? trimmed : throw Refusal($"{key}:Name", "it must have 1 to 255 characters");

    private static bool SameName(string one, string other) => string.Equals(one, other.Trim(), StringComparison.OrdinalIgnoreCase);

    // A name gets the same id on every start and every machine.
    private static string DerivedId(string kind, string name)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{DefaultDomain.Id}\n{name.ToLowerInvariant()}")))[..32];

    private static OptionsValidationException Refusal(string key, string reason)
        => new(IdentityOptions.Section, typeof(IdentityOptions), [$"{key}: {reason}."]);

    [GeneratedRegex(@"\A[0-9a-f\-]{1,64}\z")]
    private static partial Regex ProjectIdFormat();
}
