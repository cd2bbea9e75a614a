using ImageBackup.Core.ObjectStorage.Web;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>The entries of the allow-list of hosts.</summary>
public sealed class AllowedHostTests
{
    [Theory]
    [InlineData("mirror.example", "https://mirror.example/x")]
    [InlineData("mirror.example", "http://MIRROR.example:80/x")]
    [InlineData("Mirror.Example:8443", "https://mirror.example:8443/x")]
    [InlineData("*.example", "https://a.b.example/x")]
    [InlineData("192.0.2.7", "http://192.0.2.7/x")]
    [InlineData("127.0.0.1:81", "http://0x7f.1:81/x")]
    [InlineData("[2001:db8::1]:81", "http://[2001:db8:0::1]:81/x")]
    [InlineData("xn--bcher-kva.example", "http://bücher.example/x")]
    public void An_entry_has_its_host(string entry, string url) => Assert.True(AllowedHost.TryParse(entry)!.Has(new Uri(url)));

    [Theory]
    [InlineData("mirror.example", "https://mirror.example:8443/x")]
    [InlineData("mirror.example", "https://mirror.example.attacker.example/x")]
    [InlineData("mirror.example", "https://other.mirror.example/x")]
    [InlineData("mirror.example", "https://mirror.example@attacker.example/x")]
    [InlineData("mirror.example:8443", "https://mirror.example/x")]
    [InlineData("*.example", "https://example/x")]
    [InlineData("*.example", "https://badexample/x")]
    [InlineData("*.example", "https://x.example:1/x")]
    public void An_entry_has_no_other_host(string entry, string url) => Assert.False(AllowedHost.TryParse(entry)!.Has(new Uri(url)));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("https://mirror.example")]
    [InlineData("mirror.example/images")]
    [InlineData("user@mirror.example")]
    [InlineData("*.10.0.0.1")]
    [InlineData("a.*.example")]
    [InlineData("mirror.example:")]
    [InlineData("mirror.example:port")]
    public void Other_text_is_no_entry(string entry) => Assert.Null(AllowedHost.TryParse(entry));
}
