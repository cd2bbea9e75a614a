namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>The kinds of object stores in registrations.</summary>
internal static class CosTypes
{
    public const string IbmCos = "ibm_cos";

    public static readonly IReadOnlyList<string> All = [IbmCos, "s3"];
}
