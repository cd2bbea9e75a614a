namespace ImageBackup.Core.Buckets;

/// <summary>One registered bucket.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Type"><c>ibm_cos</c> or <c>s3</c>.</param>
/// <param name="BucketName">The bucket.</param>
/// <param name="Credentials">What opens it, secrets included; null where the keys that encrypted them are gone.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC; null where it was never changed.</param>
public sealed record CosRegistration(int Id, string Name, string Type, string BucketName, CosCredentials? Credentials, DateTime CreatedAt, DateTime? UpdatedAt);

/// <summary>A bucket to be registered.</summary>
public sealed record CosCommand(string Name, string Type, string BucketName, CosCredentials Credentials);

/// <summary>What of a registration shall change; null keeps it.</summary>
public sealed record CosChanges(string? Name, string? Type, string? BucketName, CosCredentials? Credentials);
