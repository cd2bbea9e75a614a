using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Catalog;

/// <summary>The conditions of a list of images; null or empty means any.</summary>
public sealed record ImageFilter
{
    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Statuses { get; init; }

    public string? Owner { get; init; }

    /// <summary>A visibility, or <c>all</c>.</summary>
    public string? Visibility { get; init; }

    public bool? IsProtected { get; init; }

    /// <summary>True for the hidden images, false for the others.</summary>
    public bool IsHidden { get; init; }

    public long? SizeMin { get; init; }

    public long? SizeMax { get; init; }

    /// <summary>Tags that an image must all have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Further properties and the values that they must have. The architecture <c>ppc64le</c> finds the little-endian images of <c>ppc64</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Returns the images that meet every condition.</summary>
    internal IQueryable<ImageRecord> ApplyTo(IQueryable<ImageRecord> images, IQueryable<ImagePropertyRow> properties)
    {
        images = images.Where(image => image.IsHidden == IsHidden);
        images = Ids is null ? images : images.Where(image => Ids.Contains(image.Id));
        images = Names is null ? images : images.Where(image => Names.Contains(image.Name));
        images = Statuses is null ? images : images.Where(image => Statuses.Contains(image.Status));
        images = Owner is null ? images : images.Where(image => image.Owner == Owner);
        images = Visibility is null or "all" ? images : images.Where(image => image.Visibility == Visibility);
        images = IsProtected is null ? images : images.Where(image => image.IsProtected == IsProtected);
        images = SizeMin is null ? images : images.Where(image => image.Size >= SizeMin);
        images = SizeMax is null ? images : images.Where(image => image.Size <= SizeMax);
        foreach (var (name, value) in Properties.SelectMany(ImageArchitecture.Conditions))
        {
            var owners = properties.Where(property => property.Name == name && property.Value == value).Select(property => property.ImageId);
            images = images.Where(image => owners.Contains(image.Id));
        }

        return Tags.Aggregate(images, (tagged, tag) => tagged.Where(image => image.Tags.Contains(tag)));
    }
}
