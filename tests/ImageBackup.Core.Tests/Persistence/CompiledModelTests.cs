using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The compiled model in the source is the one that the entity classes and their configurations produce.</summary>
public sealed partial class CompiledModelTests
{
    private const string Remedy = "The compiled model is out of date. Run: src/ImageBackup.Core/Persistence/update-model.sh";

    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_compiled_model_is_up_to_date(DatabaseKind kind)
    {
        var generated = Directory.CreateTempSubdirectory("imagebackup-model-");
        try
        {
            Generate(kind, generated.FullName);

            var expected = Read(generated.FullName);
            var actual = Read(Committed(kind));
            Assert.True(expected.Keys.Order().SequenceEqual(actual.Keys.Order()), Remedy);
            Assert.All(expected, file => Assert.True(file.Value == actual[file.Key], $"{file.Key}: {Remedy}"));
        }
        finally
        {
            generated.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_service_uses_the_compiled_model(DatabaseKind kind)
    {
        await using var db = kind.NewContext();

        Assert.Equal($"{kind.ModelNamespace()}.{db.GetType().Name}Model", db.Model.GetType().FullName);
    }

    private static void Generate(DatabaseKind kind, string directory)
    {
        using var db = kind.NewContext();
        var services = new ServiceCollection();
        services.AddEntityFrameworkDesignTimeServices();
        services.AddDbContextDesignTimeServices(db);
        kind.ProviderServices().ConfigureDesignTimeServices(services);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ICompiledModelScaffolder>().ScaffoldModel(
            db.GetService<IDesignTimeModel>().Model,
            directory,
            new CompiledModelCodeGenerationOptions
            {
                ContextType = db.GetType(),
                ModelNamespace = kind.ModelNamespace(),
                Language = "C#",
                UseNullableReferenceTypes = true,
            });
    }

    /// <summary>The files by name, without the model's id, which is random.</summary>
    private static Dictionary<string, string> Read(string directory)
        => Directory.GetFiles(directory, "*.cs").ToDictionary(file => Path.GetFileName(file)!, file => ModelId().Replace(File.ReadAllText(file).ReplaceLineEndings(), ""));

    private static string Committed(DatabaseKind kind, [CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "ImageBackup.Core", "Persistence", kind == DatabaseKind.Sqlite ? "" : "PostgreSql", "Compiled"));

    [GeneratedRegex(@"modelId: new Guid\(""[^""]*""\)")]
    private static partial Regex ModelId();
}
