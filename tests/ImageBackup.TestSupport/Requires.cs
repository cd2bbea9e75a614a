using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace ImageBackup.TestSupport;

/// <summary>Skips a test that needs something this machine lacks. The reason names the Debian package. <c>.ci/run</c> installs all of them and fails on a skip.</summary>
public static partial class Requires
{
    /// <summary>The Debian packages of programs that a minimal Debian does not have.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Packages = new Dictionary<string, string>
    {
        ["ansible-playbook"] = "ansible-core",
        ["bsdtar"] = "libarchive-tools",
        ["bzip2"] = "bzip2",
        ["chromium"] = "chromium fonts-dejavu-core",
        ["cinder"] = "python3-cinderclient",
        ["curl"] = "curl",
        ["filefrag"] = "e2fsprogs",
        ["gcc"] = "gcc libc6-dev",
        ["glance"] = "python3-glanceclient",
        ["igzip"] = "isal",
        ["jq"] = "jq",
        ["keystone-manage"] = "keystone",
        ["memcached"] = "memcached",
        ["mke2fs"] = "e2fsprogs",
        ["mkfs.btrfs"] = "btrfs-progs",
        ["nginx"] = "nginx",
        ["openssl"] = "openssl",
        ["openstack"] = "python3-openstackclient python3-keystoneauth1",
        ["pigz"] = "pigz",
        ["postgres"] = "postgresql",
        ["protoc"] = "protobuf-compiler",
        ["python3"] = "python3",
        ["qemu-img"] = "qemu-utils",
        ["qemu-io"] = "qemu-utils",
        ["rclone"] = "rclone",
        ["s3cmd"] = "s3cmd",
        ["sqlite3"] = "sqlite3",
        ["strace"] = "strace",
        ["swift-proxy-server"] = "swift-proxy swift-account swift-container swift-object liberasurecode1",
        ["systemd-analyze"] = "systemd",
        ["uwsgi"] = "uwsgi-core uwsgi-plugin-python3",
        ["virt-v2v"] = "virt-v2v",
        ["xmllint"] = "libxml2-utils",
        ["xz"] = "xz-utils",
        ["zip"] = "zip",
        ["zstd"] = "zstd",
    };

    private static readonly string[] Directories = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];

    /// <summary>Skips the test unless all these programs are installed.</summary>
    public static void Programs(params string[] programs)
        => Missing([.. programs.Where(program => !Directories.Any(directory => System.IO.File.Exists(Path.Combine(directory, program)))).Select(program => (program, Packages[program]))]);

    /// <summary>Skips the test unless a command's program is installed, and so are the programs that a shell script names.</summary>
    public static void Command(string program, IReadOnlyList<string> arguments)
    {
        var words = program is "sh" or "bash" ? Word().Matches(string.Join('\n', arguments)).Select(word => word.Value) : [program];
        Programs([.. words.Where(Packages.ContainsKey).Distinct()]);
    }

    /// <summary>Skips the test unless a file, such as a C header, is installed.</summary>
    public static void File(string path, string package)
        => Missing(System.IO.File.Exists(path) ? [] : [(path, package)]);

    /// <summary>Skips the test unless npm has installed a file into a folder.</summary>
    public static void NodeModule(string path, string folder)
        => Assert.SkipUnless(System.IO.File.Exists(path), $"Not installed: {path}. Run: npm ci --prefix {folder}");

    /// <summary>Skips the test unless the dynamic linker finds a library.</summary>
    public static void Library(string name, string package)
    {
        var found = NativeLibrary.TryLoad(name, out var library);
        NativeLibrary.Free(library);
        Missing(found ? [] : [(name, package)]);
    }

    /// <summary>Skips the test unless ISA-L is installed.</summary>
    public static void Isal() => Library("libisal.so.2", "libisal2");

    /// <summary>Skips the test unless a PostgreSQL server is installed. Debian keeps its programs out of the PATH.</summary>
    public static void Postgres()
        => Missing(Directory.Exists("/usr/lib/postgresql") ? [] : [("postgres", Packages["postgres"])]);

    /// <summary>Skips the test unless it runs as root.</summary>
    public static void Root() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "This test must run as root.");

    private static void Missing(IReadOnlyList<(string Name, string Package)> missing)
        => Assert.SkipUnless(missing is [], $"Not installed: {string.Join(", ", missing.Select(part => part.Name))}. On Debian: apt-get install {string.Join(' ', missing.Select(part => part.Package))}");

    [GeneratedRegex(@"(?<![\w/.-])[\w-]+(?![\w/.-])")]
    private static partial Regex Word();
}
