using System.CommandLine;
using ImageBackup.Client;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>The options of <c>backups</c> that narrow and sort the list.</summary>
internal sealed class BackupFilterOptions
{
    private readonly Option<string?> name = Text("--name", "NAME", "Only image backups with this name.");
    private readonly Option<string?> namePart = Text("--name-contains", "TEXT", "Only image backups with this text in their names, in any case.");
    private readonly Option<string[]> status = new("--status") { Description = "Only image backups with this status. Repeat the option for more statuses.", HelpName = "STATUS", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> host = Text("--host", "NODE", "Only image backups on this backup node.");
    private readonly Option<string?> bucket = Text("--bucket", "BUCKET", "Only image backups with this bucket.");
    private readonly Option<string?> image = Text("--image-name", "NAME", "Only archives of an image with this name, in any case.");
    private readonly Option<string?> system = Text("--os", "OS", "Only image backups of this operating system, such as aix.");
    private readonly Option<DateTimeOffset?> from = new("--from") { Description = "Only image backups created at this time or later, such as 2026-11-01.", HelpName = "TIME" };
    private readonly Option<DateTimeOffset?> before = new("--before") { Description = "Only image backups created before this time.", HelpName = "TIME" };
    private readonly Option<string?> sort = Text("--sort", "KEY:DIR", "The order, such as name:asc or size:desc. Keys: id, name, status, size, backup_host, created_at, updated_at.");

    public IReadOnlyList<Option> All => [name, namePart, status, host, bucket, image, system, from, before, sort];

    /// <summary>Returns the filter that the arguments describe.</summary>
    public BackupFilter Read(ParseResult parsed) => new()
    {
        Name = parsed.GetValue(name),
        NamePart = parsed.GetValue(namePart),
        Statuses = parsed.GetValue(status) ?? [],
        BackupHost = parsed.GetValue(host),
        CosBucket = parsed.GetValue(bucket),
        ImageName = parsed.GetValue(image),
        OsType = parsed.GetValue(system),
        CreatedFrom = parsed.GetValue(from),
        CreatedBefore = parsed.GetValue(before),
        Sort = parsed.GetValue(sort),
    };

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };
}
