namespace ImageBackup.Api.Tests.Identity;

/// <summary>The scripts in the folder <c>Identity/Clients</c>.</summary>
internal static class ClientScripts
{
    public static string Find(string name) => Path.Combine(AppContext.BaseDirectory, "Identity", "Clients", name);
}
