using System.Text.Json;
using System.Text.Json.Serialization;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>The projects and users of seeds. They are in a file of the data directory, in the shape of <c>Auth:UsersFile</c>, so that they survive a restart.</summary>
internal sealed class SeededUsers(DataPaths paths, UserDirectory directory, IOptions<AuthOptions> auth)
{
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true };

    private sealed record UsersFile(List<ProjectSettings> Projects, List<UserSettings> Users);

    /// <summary>Adds projects and users. Those whose names exist stay as they are.</summary>
    /// <exception cref="InvalidRequestException">An entry is wrong. The message names it. Nothing is added.</exception>
    public void Add(SeedRequest seed)
    {
        if (seed is { Projects: null, Users: null })
        {
            return;
        }

        if (auth.Value.Is("Keystone"))
        {
            throw new InvalidRequestException("projects and users cannot be seeded with Auth:Mode Keystone: that Keystone has them. Leave them out, or use Auth:Mode Embedded.");
        }

        var before = File.Exists(paths.SeededUsers) ? File.ReadAllText(paths.SeededUsers) : null;
        var file = before is null ? new UsersFile([], []) : JsonSerializer.Deserialize<UsersFile>(before)!;
        file.Projects.AddRange((seed.Projects ?? []).Where(project => directory.FindProjectByName(project.Name) is null).Select(project => new ProjectSettings { Name = project.Name, Id = project.Id }));
        file.Users.AddRange((seed.Users ?? []).Where(user => directory.FindUserByName(user.Name) is null).Select(user => new UserSettings
        {
            Name = user.Name,
            Password = user.Password,
            Projects = [.. user.Projects ?? []],
            Roles = [.. user.Roles ?? []],
        }));
        Write(JsonSerializer.Serialize(file, Format), before);
    }

    /// <summary>Reads the file again, after it was removed or replaced.</summary>
    public void Reload() => directory.Reload();

    private void Write(string text, string? before)
    {
        File.WriteAllText(paths.SeededUsers, text);
        try
        {
            directory.Reload();
        }
        catch (OptionsValidationException e)
        {
            if (before is null)
            {
                File.Delete(paths.SeededUsers);
            }
            else
            {
                File.WriteAllText(paths.SeededUsers, before);
            }

            throw new InvalidRequestException(e.Message.Replace($"{paths.SeededUsers}:", "", StringComparison.Ordinal), e);
        }
    }
}
