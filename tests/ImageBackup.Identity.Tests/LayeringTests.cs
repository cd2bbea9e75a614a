using ImageBackup.Identity.Tokens;

namespace ImageBackup.Identity.Tests;

public sealed class LayeringTests
{
    [Fact]
    public void Identity_references_neither_another_project_nor_the_http_server()
        => Assert.DoesNotContain(
            typeof(TokenStore).Assembly.GetReferencedAssemblies(),
            assembly => assembly.Name!.StartsWith("ImageBackup.", StringComparison.Ordinal) || assembly.Name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
                || assembly.Name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal));
}
