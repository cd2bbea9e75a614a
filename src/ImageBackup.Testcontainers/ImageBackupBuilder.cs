using System.Net;
using System.Text;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;

namespace ImageBackup.Testcontainers;

/// <summary>Configures a container of the service, with the emulator's routes and a free port of the host. It is ready when <c>/healthcheck/ready</c> answers 200.</summary>
public sealed class ImageBackupBuilder : ContainerBuilder<ImageBackupBuilder, ImageBackupContainer, ImageBackupConfiguration>
{
    /// <summary>The port on which the service listens in the container.</summary>
    public const ushort Port = 9000;

    private const string SeedFile = "/seed.yaml";

    /// <summary>A container of an image, such as the one that <c>docker build -t imagebackup .</c> makes.</summary>
    public ImageBackupBuilder(string image)
        : this(new DockerImage(image))
    {
    }

    /// <inheritdoc cref="ImageBackupBuilder(string)"/>
    public ImageBackupBuilder(IImage image)
        : this(new ImageBackupConfiguration())
        => DockerResourceConfiguration = Init().WithImage(image).DockerResourceConfiguration;

    private ImageBackupBuilder(ImageBackupConfiguration configuration)
        : base(configuration)
        => DockerResourceConfiguration = configuration;

    /// <inheritdoc/>
    protected override ImageBackupConfiguration DockerResourceConfiguration { get; }

    /// <summary>Starts the service with this seed: nodes, buckets, images, users and image backups (docs/emulator.md).</summary>
    /// <param name="seed">YAML or JSON.</param>
    public ImageBackupBuilder WithSeed(string seed)
        => WithResourceMapping(Encoding.UTF8.GetBytes(seed), SeedFile).WithEnvironment("ImageBackup__Emulator__SeedFile", SeedFile);

    /// <summary>Lets the service demand tokens, and creates an administrator of the project <c>ibm-default</c>. Without it, everybody is one.</summary>
    public ImageBackupBuilder WithUser(string username, string password)
        => Merge(DockerResourceConfiguration, new ImageBackupConfiguration(username, password))
            .WithEnvironment("ImageBackup__Auth__Mode", "Embedded")
            .WithEnvironment("ImageBackup__Auth__Users__0__Name", username)
            .WithEnvironment("ImageBackup__Auth__Users__0__Password", password)
            .WithEnvironment("ImageBackup__Auth__Users__0__Roles__0", "admin");

    /// <inheritdoc/>
    public override ImageBackupContainer Build()
    {
        Validate();
        return new ImageBackupContainer(DockerResourceConfiguration);
    }

    /// <inheritdoc/>
    protected override ImageBackupBuilder Init() => base.Init()
        .WithPortBinding(Port, assignRandomHostPort: true)
        .WithEnvironment("ImageBackup__Emulator__Enabled", "true")
        .WithEnvironment("ImageBackup__Auth__AllowAnonymousRemote", "true")
        .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(Port).ForPath("/healthcheck/ready").ForStatusCode(HttpStatusCode.OK)));

    /// <inheritdoc/>
    protected override ImageBackupBuilder Clone(IResourceConfiguration<CreateContainerParameters> resourceConfiguration)
        => Merge(DockerResourceConfiguration, new ImageBackupConfiguration(resourceConfiguration));

    /// <inheritdoc/>
    protected override ImageBackupBuilder Clone(IContainerConfiguration resourceConfiguration)
        => Merge(DockerResourceConfiguration, new ImageBackupConfiguration(resourceConfiguration));

    /// <inheritdoc/>
    protected override ImageBackupBuilder Merge(ImageBackupConfiguration oldValue, ImageBackupConfiguration newValue)
        => new(new ImageBackupConfiguration(oldValue, newValue));
}
