using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>A service whose cinder.conf would say <c>use_fast_compression = True</c>.</summary>
public sealed class FastServiceTests(FastServiceTests.FastService service) : IClassFixture<FastServiceTests.FastService>
{
    public sealed class FastService : ServiceFixture
    {
        public FastService() => Settings["ImageBackup:UseFastCompression"] = "true";
    }

    [Theory]
    [InlineData("False", false, "Fast")]
    [InlineData("True", false, "True")]
    [InlineData("Fast", false, "Fast")]
    [InlineData("False", true, "Fast")]
    public Task With_UseFastCompression_an_uncompressed_export_is_compressed(string requested, bool node, string effective)
        => RoundTripTests.CompressionAsync(service, requested, serviceFast: true, node, effective);
}
