using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Buckets;

/// <summary>One registered bucket.</summary>
/// <param name="Id">The number of the registration.</param>
/// <param name="Name">The display name.</param>
/// <param name="Type"><c>ibm_cos</c> or <c>s3</c>.</param>
/// <param name="BucketName">The bucket.</param>
/// <param name="Credentials">The credentials with their secrets; null when their encryption keys no longer exist.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC; null when it was never changed.</param>
public sealed record CosRegistration(int Id, string Name, string Type, string BucketName, CosCredentials? Credentials, DateTime CreatedAt, DateTime? UpdatedAt);

/// <summary>A bucket to register.</summary>
public sealed record CosCommand(string Name, string Type, string BucketName, CosCredentials Credentials);

/// <summary>Changes of a registration; null keeps the present value.</summary>
public sealed record CosChanges(string? Name, string? Type, string? BucketName, CosCredentials? Credentials);
