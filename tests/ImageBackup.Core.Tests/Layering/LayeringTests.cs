using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ImageBackup.Core.Tests.Layering;

/// <summary>Checks the direction of dependencies between projects, between namespaces, and between the folders of Core.</summary>
public sealed class LayeringTests
{
    /// <summary>The projects that each project may use.</summary>
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["ImageBackup.Disks"] = [],
        ["ImageBackup.Ova"] = ["ImageBackup.Disks"],
        ["ImageBackup.Core"] = ["ImageBackup.Ova", "ImageBackup.Disks"],
        ["ImageBackup.Identity"] = [],
        ["ImageBackup.Client"] = [],
        ["ImageBackup.Testcontainers"] = ["ImageBackup.Client"],
        ["ImageBackup.Api"] = ["ImageBackup.Client", "ImageBackup.Identity", "ImageBackup.Core", "ImageBackup.Ova", "ImageBackup.Disks"],
    };

    /// <summary>The frameworks that a library must not use.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new()
    {
        ["ImageBackup.Disks"] = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore"],
        ["ImageBackup.Ova"] = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore"],
        ["ImageBackup.Core"] = ["Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing"],
        ["ImageBackup.Identity"] = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing"],
        ["ImageBackup.Client"] = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore"],
        ["ImageBackup.Testcontainers"] = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore"],
        ["ImageBackup.Api"] = [],
    };

    /// <summary>The folders of Core, lowest first. A folder may use lower ones. Folders of one line must not use each other.</summary>
    private static readonly string[][] CoreLayers =
    [
        ["Errors"],
        ["Access"],
        ["Settings"],
        ["Persistence"],
        ["Quotas", "Scratch"],
        ["ObjectStorage", "Backups", "Flows", "Catalog", "BackupNodes"],
        ["Buckets"],
        ["Operations"],
        ["Operations.Upload", "Operations.Download", "Operations.Delete", "Operations.Discover"],
        ["Operations.Export", "Operations.Import", "Operations.Verify"],
        ["Operations.Retry"],
        ["Startup"],
        ["Emulator"],
        [""],
    ];

    public static TheoryData<string> ProjectNames
        => [.. Directory.GetDirectories(Source).Select(directory => Path.GetFileName(directory)!).Where(name => File.Exists(Path.Combine(Source, name, $"{name}.csproj")))];

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_project_is_optimized_as_dotnet_run_builds_it(string project)
    {
        using var module = Mono.Cecil.ModuleDefinition.ReadModule(AssemblyOf(project));

        var debuggable = module.Assembly.CustomAttributes.Single(attribute => attribute.AttributeType.Name == nameof(DebuggableAttribute));

        Assert.False(((DebuggableAttribute.DebuggingModes)debuggable.ConstructorArguments[0].Value).HasFlag(DebuggableAttribute.DebuggingModes.DisableOptimizations));
    }

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_project_uses_only_projects_below_it(string project)
    {
        using var module = Mono.Cecil.ModuleDefinition.ReadModule(AssemblyOf(project));

        var used = module.AssemblyReferences.Select(reference => reference.Name).ToList();

        Assert.Empty(used.Where(name => name.StartsWith("ImageBackup.", StringComparison.Ordinal)).Except(Projects[project]));
        Assert.DoesNotContain(used, name => Forbidden[project].Any(forbidden => name == forbidden || name.StartsWith($"{forbidden}.", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void No_namespaces_use_each_other(string project)
    {
        var graph = NamespaceGraph.Of(AssemblyOf(project));

        var cycles = graph.Cycles();

        AssertNone(cycles.SelectMany(cycle => cycle.SelectMany(name => graph.UsesOf(name).Where(use => cycle.Contains(use.Key)).Select(use => use.Value))));
    }

    [Fact]
    public void A_folder_of_Core_uses_only_lower_ones()
    {
        const string core = "ImageBackup.Core";
        var graph = NamespaceGraph.Of(AssemblyOf(core));

        var wrong = graph.Namespaces
            .SelectMany(name => graph.UsesOf(name).Where(use => FolderOf(use.Key) != FolderOf(name) && LayerOf(use.Key) >= LayerOf(name)))
            .Select(use => use.Value);

        AssertNone(wrong);

        static string FolderOf(string name)
        {
            var parts = name[core.Length..].Split('.', StringSplitOptions.RemoveEmptyEntries);
            return string.Join('.', parts.Take(parts is ["Operations", ..] ? 2 : 1));
        }

        static int LayerOf(string name)
        {
            var layer = Array.FindIndex(CoreLayers, names => names.Contains(FolderOf(name)));
            return layer >= 0 ? layer : throw new InvalidOperationException($"CoreLayers does not have {name}.");
        }
    }

    private static void AssertNone(IEnumerable<string> uses)
    {
        var lines = string.Join(Environment.NewLine, uses);
        Assert.True(lines.Length == 0, lines);
    }

    private static string AssemblyOf(string project) => Path.Combine(AppContext.BaseDirectory, $"{project}.dll");

    private static string Source => Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "src"));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
