using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class CosOptionsTests
{
    public static TheoryData<CosOptions, string> Incomplete => new()
    {
        { new() { ServiceUrl = "http://s3" }, "ImageBackup:Cos:AccessKey is missing" },
        { new() { ServiceUrl = "http://s3", AccessKey = "SECRET" }, "ImageBackup:Cos:SecretKey is missing" },
        { new() { ServiceUrl = "http://s3", SecretKey = "SECRET" }, "ImageBackup:Cos:AccessKey is missing" },
        { new() { ServiceUrl = "http://s3", ApiKey = "SECRET" }, "ImageBackup:Cos:ResourceCrn is missing" },
        { new() { ServiceUrl = "http://s3", ResourceCrn = "crn" }, "ImageBackup:Cos:ApiKey is missing" },
        { new() { ServiceUrl = "http://s3", ApiKey = "SECRET", ResourceCrn = "crn", AccessKey = "SECRET" }, "ImageBackup:Cos:ApiKey and ImageBackup:Cos:AccessKey are both set" },
        { new() { ServiceUrl = "s3.example", AccessKey = "SECRET", SecretKey = "SECRET" }, "ImageBackup:Cos:ServiceUrl: 's3.example' is not" },
        { new() { AccessKey = "SECRET", SecretKey = "SECRET" }, "ImageBackup:Cos:AccessKey is set, but ImageBackup:Cos:ServiceUrl is not" },
        { new() { ServiceUrl = "http://s3", AccessKey = "SECRET", AccessKeyFile = "/f", SecretKey = "SECRET" }, "ImageBackup:Cos:AccessKey and ImageBackup:Cos:AccessKeyFile are both set" },
        { new() { ServiceUrl = "http://s3", AccessKey = "SECRET", SecretKeyFile = "/no/such/file" }, "ImageBackup:Cos:SecretKeyFile: /no/such/file cannot be read" },
        { new() { DefaultBucket = "Not A Bucket" }, "ImageBackup:Cos:DefaultBucket" },
    };

    [Theory]
    [MemberData(nameof(Incomplete), DisableDiscoveryEnumeration = true)]
    public void Incomplete_or_contradictory_settings_are_refused_and_the_key_is_named(CosOptions options, string expected)
    {
        var result = new CosOptionsValidation().Validate(null, options);

        Assert.True(result.Failed);
        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void No_settings_mean_the_embedded_store()
        => Assert.True(new CosOptionsValidation().Validate(null, new CosOptions()).Succeeded);

    [Fact]
    public void Secrets_can_be_read_from_files()
    {
        using var directory = new TemporaryDirectory();
        var access = Path.Combine(directory.Path, "access");
        var secret = Path.Combine(directory.Path, "secret");
        File.WriteAllText(access, "key\n");
        File.WriteAllText(secret, "se cret\r\n");
        var options = new CosOptions { ServiceUrl = "http://s3", AccessKeyFile = access, SecretKeyFile = secret };

        Assert.True(new CosOptionsValidation().Validate(null, options).Succeeded);

        var credentials = options.Credentials();
        Assert.Equal("key", credentials.AccessKey);
        Assert.Equal("se cret", credentials.SecretKey);
        Assert.Equal("http://s3", credentials.ToString());
    }
}
