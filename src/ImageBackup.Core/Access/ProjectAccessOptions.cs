using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Access;

/// <summary>Section <c>ImageBackup:ProjectAccess</c>: which projects may use a backup node, or a bucket of the settings' store. Without an entry, every project may.</summary>
public sealed class ProjectAccessOptions : IValidatableObject
{
    public const string Section = "ImageBackup:ProjectAccess";

    /// <summary>The entry for every name without an entry of its own.</summary>
    public const string Others = "*";

    /// <summary>The ids of projects, by <c>backup_node_id</c> or <see cref="Others"/>.</summary>
    public IDictionary<string, IList<string>> Nodes { get; init; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The ids of projects, by the bucket's name or <see cref="Others"/>. Buckets that a project registered are not concerned.</summary>
    public IDictionary<string, IList<string>> Buckets { get; init; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Problems(nameof(Nodes), Nodes).Concat(Problems(nameof(Buckets), Buckets));

    private static IEnumerable<ValidationResult> Problems(string list, IDictionary<string, IList<string>> entries)
        => from entry in entries
           from project in entry.Value
           where project.Length == 0 || !project.All(character => char.IsAsciiHexDigit(character) || character == '-')
           select new ValidationResult($"{Section}:{list}:{entry.Key} '{project}' is not accepted. Use the id of a project: hex digits and dashes.");
}
