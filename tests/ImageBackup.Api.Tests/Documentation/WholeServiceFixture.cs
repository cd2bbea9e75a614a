using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The service with every feature: demo data, the embedded Keystone with the user of the document's examples, the emulator.</summary>
public sealed class WholeServiceFixture : ServiceFixture
{
    public WholeServiceFixture()
    {
        Settings["ImageBackup:Cluster:Host"] = "powervc";
        Settings["ImageBackup:Demo:Enabled"] = "true";
        Settings["ImageBackup:Emulator:Enabled"] = "true";
        Settings["ImageBackup:Auth:Mode"] = "Embedded";
        Settings["ImageBackup:Auth:Users:0:Name"] = "demo";
        Settings["ImageBackup:Auth:Users:0:Password"] = "secret";
        Settings["ImageBackup:Auth:Users:0:Roles:0"] = "admin";
    }
}
