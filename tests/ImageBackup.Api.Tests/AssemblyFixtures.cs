using ImageBackup.TestSupport;

[assembly: AssemblyFixture(typeof(SharedSwift))]
