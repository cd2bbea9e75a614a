using System.Reflection;

namespace ImageBackup.Core.Settings;

/// <summary>The version of the service, from <c>Version</c> in <c>Directory.Build.props</c>.</summary>
public static class ServiceVersion
{
    /// <summary>Such as <c>1.0.0</c>.</summary>
    public static string Current { get; } = typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
