using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Tests.Users;

public sealed class UserDirectoryTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_user_of_the_file_has_the_default_project_and_role()
    {
        var user = Assert.Single(Read("""{"Users":[{"Name":"demo","Password":"secret"}]}""").Users);

        Assert.Equal("cd79565c5c3a7eb25c075d02b13966b8", user.Id);
        Assert.Equal(new IdentityProject(EmbeddedKeystone.ProjectId, "ibm-default"), Assert.Single(user.Projects));
        Assert.Equal(["member", "reader"], user.Roles[user.Projects[0]]);
    }

    [Theory]
    [InlineData("""{"Users":[{"Name":"demo","Password":"secret","Role":"reader"}]}""", "'Role'")]
    [InlineData("""{"Users":[{"Name":"demo","Password":"secret"},{"Name":"DEMO","Password":"secret"}]}""", "Users:1: a user with the name 'DEMO'")]
    [InlineData("""{"Users":[{"Name":"demo"}]}""", "Users:0: give either Password or PasswordHash")]
    [InlineData("""{"Users":[{"Name":"demo","PasswordHash":"secret"}]}""", "PasswordHash: it is not a hash that the command hash-password printed")]
    [InlineData("""{"Projects":[{"Name":"test","Id":"TEST"}]}""", "Projects:0:Id: 'TEST' must have 1 to 64 hex digits and dashes")]
    [InlineData("""{"Users":[""", "is invalid")]
    public void An_unusable_file_is_refused_with_the_place(string json, string reason)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Read(json));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        File.Delete(_file);

        var refusal = Assert.Throws<OptionsValidationException>(() => new UserDirectory(new IdentityOptions { UsersFile = _file }, EmbeddedKeystone.ProjectId));

        Assert.Equal($"ImageBackup:Auth:UsersFile: the file '{_file}' does not exist.", refusal.Message);
    }

    [Theory]
    [InlineData("Admin", "admin member reader")]
    [InlineData("reader admin", "reader admin member")]
    [InlineData("image_manager", "image_manager")]
    [InlineData("", "")]
    public void A_role_implies_the_weaker_ones(string roles, string expected)
        => Assert.Equal(Words(expected), RoleNames.WithImplied(Words(roles)));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private UserDirectory Read(string json)
    {
        File.WriteAllText(_file, json);
        return new UserDirectory(new IdentityOptions { UsersFile = _file }, EmbeddedKeystone.ProjectId);
    }
}
