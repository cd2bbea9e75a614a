using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ImageBackup.Api.Routes.Identity;

namespace ImageBackup.Api.Auth;

/// <summary>Turns settings into users, projects and application credentials; what can't be used is refused with the key it stands under.</summary>
internal sealed partial class UserSettingsReader(string defaultProjectId)
{
    private const string DefaultProject = "ibm-default";
    private readonly List<IdentityProject> _projects = [];
    private readonly List<IdentityUser> _users = [];
    private readonly List<ApplicationCredential> _credentials = [];

    public IReadOnlyList<IdentityProject> Projects => _projects;

    public IReadOnlyList<IdentityUser> Users => _users;

    public IReadOnlyList<ApplicationCredential> Credentials => _credentials;

    /// <summary>Adds what stands in a section named <paramref name="section"/>.</summary>
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

    /// <summary>Adds what stands in a JSON file <c>{"Projects": […], "Users": […]}</c>.</summary>
    public void ReadFile(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"{IdentityOptions.Section}:UsersFile: there is no file '{path}'.");
        }

        try
        {
            var options = new IdentityOptions();
            new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build().Bind(options);
            Read(path, options);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidOperationException($"{IdentityOptions.Section}:UsersFile: '{path}' is not the JSON that is expected: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private void ReadProject(string key, ProjectSettings settings)
    {
        var name = Name(key, settings.Name);
        var id = settings.Id ?? DerivedId("project", name);
        if (!ProjectIdFormat().IsMatch(id))
        {
            throw Refusal($"{key}:Id", $"'{id}' is not of hex digits and dashes, at most 64 of them");
        }

        if (_projects.Any(project => project.Id == id || SameName(project.Name, name)))
        {
            throw Refusal(key, $"there is a project with the name '{name}' or the id '{id}' already");
        }

        _projects.Add(new IdentityProject(id, name));
    }

    private void ReadUser(string key, UserSettings settings)
    {
        var name = Name(key, settings.Name);
        var id = settings.Id is { Length: > 0 } given ? given : DerivedId("user", name);
        if (_users.Any(user => user.Id == id || SameName(user.Name, name)))
        {
            throw Refusal(key, $"there is a user with the name '{name}' or the id '{id}' already");
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
            throw Refusal(key, $"there is an application credential with the name '{name}' or the id '{id}' already");
        }

        var project = settings.Project is { Length: > 0 } wanted
            ? user.Projects.FirstOrDefault(candidate => SameName(candidate.Name, wanted))
                ?? throw Refusal($"{key}:Project", $"'{wanted}' is none of the user's projects ({string.Join(", ", user.Projects.Select(candidate => candidate.Name))})")
            : user.Projects[0];
        var usersRoles = user.Roles[project];
        var roles = Roles($"{key}:Roles", settings.Roles, usersRoles);
        if (roles.Except(usersRoles).FirstOrDefault() is { } excess)
        {
            throw Refusal($"{key}:Roles", $"'{excess}' is more than the user has ({string.Join(", ", usersRoles)})");
        }

        _credentials.Add(new ApplicationCredential(
            id, name, user, project, roles, settings.ExpiresAt?.UtcDateTime, Hash(key, id, "Secret", settings.Secret, settings.SecretHash)));
    }

    private IdentityProject Project(string key, string name)
    {
        if (_projects.FirstOrDefault(project => SameName(project.Name, name)) is null)
        {
            // What was kept without authentication stays where it was.
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
            // On first use: deriving a key costs a tenth of a second or two.
            return new Lazy<PasswordHash>(() => PasswordHash.CreateFor(owner, plain));
        }

        var parsed = PasswordHash.Parse(hash!) ?? throw Refusal(
            $"{key}:{name}Hash", $"it is not of the form pbkdf2-sha256$ITERATIONS$SALT$KEY with at least {PasswordHash.Iterations} iterations, 16 bytes of salt and 32 of key in base64");
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
                ?? throw Refusal(place, $"'{name}' is none of the user's projects ({string.Join(", ", projects.Select(candidate => candidate.Name))})");
            roles[project] = names is { Count: > 0 } ? Roles(place, names, []) : throw Refusal(place, "it names no role");
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

    // The same name has the same id on every start and every machine.
    private static string DerivedId(string kind, string name)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{DefaultDomain.Id}\n{name.ToLowerInvariant()}")))[..32];

    private static InvalidOperationException Refusal(string key, string reason) => new($"{key}: {reason}.");

    [GeneratedRegex(@"\A[0-9a-f\-]{1,64}\z")]
    private static partial Regex ProjectIdFormat();
}
