using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The compiled model in the source is the one that the entity classes and their configurations produce.</summary>
public sealed partial class CompiledModelTests
{
    private const string Remedy = "The compiled model is out of date. Run: dotnet tool restore && dotnet ef dbcontext optimize --project src/ImageBackup.Core --output-dir Persistence/Compiled --namespace ImageBackup.Core.Persistence.Compiled";

    [Fact]
    public void The_compiled_model_is_up_to_date()
    {
        var generated = Directory.CreateTempSubdirectory("imagebackup-model-");
        try
        {
            Generate(generated.FullName);

            var expected = Read(generated.FullName);
            var actual = Read(Committed());
            Assert.True(expected.Keys.Order().SequenceEqual(actual.Keys.Order()), Remedy);
            Assert.All(expected, file => Assert.True(file.Value == actual[file.Key], $"{file.Key}: {Remedy}"));
        }
        finally
        {
            generated.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_service_uses_the_compiled_model()
    {
        await using var db = NewContext();

        Assert.Equal("ImageBackupDbContextModel", db.Model.GetType().Name);
    }

    private static void Generate(string directory)
    {
        using var db = NewContext();
        var services = new ServiceCollection();
        services.AddEntityFrameworkDesignTimeServices();
        services.AddDbContextDesignTimeServices(db);
        ProviderServices().ConfigureDesignTimeServices(services);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ICompiledModelScaffolder>().ScaffoldModel(
            db.GetService<IDesignTimeModel>().Model,
            directory,
            new CompiledModelCodeGenerationOptions
            {
                ContextType = typeof(ImageBackupDbContext),
                ModelNamespace = "ImageBackup.Core.Persistence.Compiled",
                Language = "C#",
                UseNullableReferenceTypes = true,
            });
    }

    /// <summary>The provider's own part, found the way <c>dotnet ef</c> finds it.</summary>
    private static IDesignTimeServices ProviderServices()
    {
        var provider = typeof(SqliteDbContextOptionsBuilderExtensions).Assembly;
        var name = provider.GetCustomAttribute<DesignTimeProviderServicesAttribute>()!.TypeName;
        return (IDesignTimeServices)Activator.CreateInstance(provider.GetType(name, throwOnError: true)!)!;
    }

    private static ImageBackupDbContext NewContext()
        => new(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite("Data Source=:memory:").Options);

    /// <summary>The files by name, without the model's id, which is random.</summary>
    private static Dictionary<string, string> Read(string directory)
        => Directory.GetFiles(directory, "*.cs").ToDictionary(file => Path.GetFileName(file)!, file => ModelId().Replace(File.ReadAllText(file).ReplaceLineEndings(), ""));

    private static string Committed([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "ImageBackup.Core", "Persistence", "Compiled"));

    [GeneratedRegex(@"modelId: new Guid\(""[^""]*""\)")]
    private static partial Regex ModelId();
}
