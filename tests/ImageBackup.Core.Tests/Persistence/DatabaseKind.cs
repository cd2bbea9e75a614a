using System.Reflection;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The databases that have migrations and a compiled model.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>Contexts without a database, for the tests of models.</summary>
internal static class DatabaseKinds
{
    public static ImageBackupDbContext NewContext(this DatabaseKind kind) => kind switch
    {
        DatabaseKind.Sqlite => new ImageBackupDbContext(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite("Data Source=:memory:").Options),
        _ => new DesignTimePostgreSqlFactory().CreateDbContext([]),
    };

    /// <summary>The namespace of the kind's compiled model.</summary>
    public static string ModelNamespace(this DatabaseKind kind)
        => kind == DatabaseKind.Sqlite ? "ImageBackup.Core.Persistence.Compiled" : "ImageBackup.Core.Persistence.PostgreSql.Compiled";

    /// <summary>The provider's own part of the tools, found the way <c>dotnet ef</c> finds it.</summary>
    public static IDesignTimeServices ProviderServices(this DatabaseKind kind)
    {
        var provider = kind == DatabaseKind.Sqlite ? typeof(SqliteDbContextOptionsBuilderExtensions).Assembly : typeof(NpgsqlDbContextOptionsBuilderExtensions).Assembly;
        var name = provider.GetCustomAttribute<DesignTimeProviderServicesAttribute>()!.TypeName;
        return (IDesignTimeServices)Activator.CreateInstance(provider.GetType(name, throwOnError: true)!)!;
    }
}
