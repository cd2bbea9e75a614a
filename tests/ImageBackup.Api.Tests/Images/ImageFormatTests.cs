using System.Net;
using System.Security.Cryptography;
using ImageBackup.Core.Catalog;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Images;

/// <summary>Uploads of disks that qemu-img made, compared with what qemu-img reads from them.</summary>
public sealed class ImageFormatTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("qcow2", "qcow2", "compat=1.1")]
    [InlineData("qcow2", "qcow2", "compression_type=zstd,extended_l2=on,cluster_size=128k", "-c")]
    [InlineData("vmdk", "vmdk", "subformat=monolithicSparse")]
    [InlineData("vmdk", "vmdk", "subformat=streamOptimized")]
    [InlineData("vhd", "vpc", "subformat=dynamic,force_size=on")]
    [InlineData("vhd", "vpc", "subformat=fixed,force_size=on")]
    [InlineData("vhdx", "vhdx", "subformat=dynamic")]
    [InlineData("vdi", "vdi", "static=off")]
    public async Task The_volume_of_an_uploaded_image_has_the_bytes_that_its_guest_sees(string diskFormat, string qemuFormat, string options, params string[] more)
    {
        var file = await ConvertAsync(await RawAsync(), qemuFormat, options, more);
        await Tool.RunAsync("qemu-img", "convert", "-f", qemuFormat, "-O", "raw", file, Path("expected.raw"));

        var answer = await UploadAsync(await CreateAsync(diskFormat), file);

        await HasDiskAsync(answer, Path("expected.raw"));
    }

    [Theory]
    [InlineData("gzip", "raw")]
    [InlineData("xz", "raw")]
    [InlineData("zstd", "raw")]
    [InlineData("gzip", "qcow2")]
    [InlineData("xz", "qcow2")]
    [InlineData("zstd", "qcow2")]
    public async Task A_compressed_file_is_unpacked(string program, string format)
    {
        var raw = await RawAsync();
        var file = format == "raw" ? raw : await ConvertAsync(raw, format, "compat=1.1");
        await Tool.RunAsync("sh", "-c", $"{program} -c '{file}' > '{Path("packed")}'");

        var answer = await UploadAsync(await CreateAsync(format), Path("packed"));

        await HasDiskAsync(answer, raw);
    }

    [Fact]
    public async Task An_image_without_a_declared_format_takes_the_one_that_the_bytes_tell()
    {
        var raw = await RawAsync();

        var answer = await UploadAsync(await CreateAsync(null), await ConvertAsync(raw, "vmdk", "subformat=streamOptimized"));

        await HasDiskAsync(answer, raw);
    }

    [Fact]
    public async Task Holes_of_a_disk_stay_holes()
    {
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", Path("large.qcow2"), "256M");
        await Tool.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 7 200M 64k", Path("large.qcow2"));

        var answer = await UploadAsync(await CreateAsync("qcow2"), Path("large.qcow2"));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var volume = await VolumeOfAsync(answer.Image);
        Assert.Equal(256 << 20, new FileInfo(service.Paths.Volume(volume)).Length);
        Assert.Equal(64 << 10, service.Services.GetRequiredService<VolumeStore>().DataBytes(volume));
    }

    [Theory]
    [InlineData("raw", "qcow2", "qcow2", "compat=0.10")]
    [InlineData("raw", "VMDK", "vmdk", "subformat=streamOptimized")]
    [InlineData("raw", "VHD", "vpc", "subformat=dynamic")]
    [InlineData("raw", "VHD", "vpc", "subformat=fixed")]
    [InlineData("raw", "VHDX", "vhdx", "subformat=dynamic")]
    [InlineData("raw", "VDI", "vdi", "static=off")]
    [InlineData("qcow2", "VMDK", "vmdk", "subformat=monolithicSparse")]
    [InlineData("vhdx", "VHD", "vpc", "subformat=dynamic")]
    public async Task A_file_of_another_format_than_declared_is_refused_and_leaves_nothing(string declared, string found, string qemuFormat, string options)
    {
        var file = await ConvertAsync(await RawAsync(), qemuFormat, options);

        await IsRefusedAsync(declared, file, $"disk_format '{declared}' does not match the file, which is {found}.");
    }

    [Theory]
    [InlineData("qcow2", "raw")]
    [InlineData("vhd", "raw")]
    [InlineData("vmdk", "raw")]
    public async Task A_raw_file_of_an_image_that_declares_another_format_is_refused(string declared, string found)
        => await IsRefusedAsync(declared, await RawAsync(), $"disk_format '{declared}' does not match the file, which is {found}.");

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("xz", "xz")]
    [InlineData("zstd", "zstd")]
    public async Task Another_format_inside_a_compressed_file_is_refused(string program, string name)
    {
        var file = await ConvertAsync(await RawAsync(), "qcow2", "compat=1.1");
        await Tool.RunAsync("sh", "-c", $"{program} -c '{file}' > '{Path(name)}'");

        await IsRefusedAsync("raw", Path(name), "disk_format 'raw' does not match the file, which is qcow2.");
    }

    [Theory]
    [InlineData("bzip2 -c", "bzip2")]
    [InlineData("tar -cf - -C /", "tar")]
    [InlineData("zip -q -", "zip")]
    public async Task Formats_that_are_not_read_are_refused_by_name(string command, string name)
    {
        var file = command.StartsWith("tar", StringComparison.Ordinal) ? (await RawAsync())[1..] : await RawAsync();
        await Tool.RunAsync("sh", "-c", $"{command} '{file}' > '{Path("packed")}'");

        await IsRefusedAsync("raw", Path("packed"), $"disk_format 'raw' does not match the file, which is {name}.");
    }

    [Fact]
    public async Task Disks_that_need_other_files_are_refused_by_the_names_of_these_files()
    {
        var raw = await RawAsync();
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", raw, Path("child.qcow2"));
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-o", $"data_file={Path("data.raw")}", Path("external.qcow2"), "8M");
        await Tool.RunAsync("qemu-img", "convert", "-O", "vmdk", "-o", "subformat=monolithicFlat", raw, Path("flat.vmdk"));

        await IsRefusedAsync("qcow2", Path("child.qcow2"), $"needs its backing file '{raw}'");
        await IsRefusedAsync("qcow2", Path("external.qcow2"), $"in the external file '{Path("data.raw")}'");
        await IsRefusedAsync("vmdk", Path("flat.vmdk"), "flat-flat.vmdk");
    }

    [Fact]
    public async Task A_damaged_disk_is_refused_and_leaves_nothing()
    {
        var file = await ConvertAsync(await RawAsync(), "vmdk", "subformat=streamOptimized");
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length / 2);
        }

        await IsRefusedAsync("vmdk", file, "VMDK");
    }

    [Fact]
    public async Task A_refused_image_takes_the_right_file_afterwards()
    {
        var raw = await RawAsync();
        var image = await CreateAsync("qcow2");
        var refused = await UploadAsync(image, await ConvertAsync(raw, "vdi", "static=off"));

        var answer = await UploadAsync(image, await ConvertAsync(raw, "qcow2", "compat=1.1"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.Status);
        await HasDiskAsync(answer, raw);
    }

    [Fact]
    public async Task The_property_force_raw_takes_the_bytes_as_they_are()
    {
        var file = await ConvertAsync(await RawAsync(), "qcow2", "compat=1.1");
        var image = await CreateAsync("raw", """, "force_raw": true""");

        var answer = await UploadAsync(image, file);

        await HasDiskAsync(answer, file);
        Assert.Equal("true", (await service.Client.GetJsonAsync($"/v2/images/{image}")).Body.GetProperty("force_raw").GetString());
    }

    [Fact]
    public async Task The_property_force_raw_contradicts_another_format_than_raw()
    {
        var answer = await UploadAsync(await CreateAsync("qcow2", """, "force_raw": "true" """), await RawAsync());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("has the property force_raw and disk_format 'qcow2'", answer.Message, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(directory.Path, name);

    /// <summary>A raw disk with data, zeros and a hole at its end.</summary>
    private async Task<string> RawAsync()
    {
        var bytes = Content.WithHoles(8 << 20, 96 << 10);
        bytes.AsSpan(7 << 20).Clear();
        await File.WriteAllBytesAsync(Path("disk.raw"), bytes, TestContext.Current.CancellationToken);
        return Path("disk.raw");
    }

    private async Task<string> ConvertAsync(string raw, string format, string options, params string[] more)
    {
        var file = Path($"disk.{format}");
        await Tool.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", format, "-o", options, .. more, raw, file]);
        return file;
    }

    private async Task<string> CreateAsync(string? diskFormat, string more = "")
    {
        var declared = diskFormat is null ? "" : $$""", "disk_format": "{{diskFormat}}", "container_format": "bare" """;
        var created = await service.Client.PostJsonAsync("/v2/images", $$"""{"name": "format"{{declared}}{{more}}}""");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created.Body.GetProperty("id").GetString()!;
    }

    private async Task<Answer> UploadAsync(string image, string file)
    {
        await using var stream = File.OpenRead(file);
        using var content = new StreamContent(stream);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v2/images/{image}/file") { Content = content };
        request.Headers.Add("x-openstack-image-size", $"{stream.Length}");
        using var response = await service.Client.SendAsync(request);
        return new Answer(image, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task HasDiskAsync(Answer answer, string expectedFile)
    {
        Assert.True(answer.Status == HttpStatusCode.NoContent, answer.Message);
        var expected = await File.ReadAllBytesAsync(expectedFile, TestContext.Current.CancellationToken);
        var image = (await service.Client.GetJsonAsync($"/v2/images/{answer.Image}")).Body;
        Assert.Equal("active", image.GetProperty("status").GetString());
        Assert.Equal("raw", image.GetProperty("disk_format").GetString());
        Assert.Equal("bare", image.GetProperty("container_format").GetString());
        Assert.Equal(expected.Length, image.GetProperty("size").GetInt64());
        Assert.Equal((await Tool.RunAsync("md5sum", expectedFile)).Split(' ')[0], image.GetProperty("checksum").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(expected)), image.GetProperty("os_hash_value").GetString());
        var got = await service.Client.GetByteArrayAsync($"/v2/images/{answer.Image}/file");
        Assert.True(expected.AsSpan().SequenceEqual(got), "The image's file differs.");
        Assert.Equal([$"volume-{await VolumeOfAsync(answer.Image)}"], VolumeFiles(answer.Image));
    }

    private async Task IsRefusedAsync(string declared, string file, string message)
    {
        var image = await CreateAsync(declared);
        var before = await Footprint.TakeAsync(service);

        var answer = await UploadAsync(image, file);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.StartsWith("""{"badMediaType":{"code":415,""", answer.Message, StringComparison.Ordinal);
        Assert.Contains(message, answer.Message.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(service));
        var shown = (await service.Client.GetJsonAsync($"/v2/images/{image}")).Body;
        Assert.Equal("queued", shown.GetProperty("status").GetString());
        Assert.Equal(declared, shown.GetProperty("disk_format").GetString());
    }

    /// <summary>The names of the files that the upload left in the directory of the volumes: those of no other image, and work files.</summary>
    private IEnumerable<string> VolumeFiles(string image)
    {
        var others = service.Client.GetJsonAsync("/v2/images?limit=1000").Result.Body.GetProperty("images").EnumerateArray()
            .Where(other => other.GetProperty("id").GetString() != image && other.TryGetProperty("block_device_mapping", out _))
            .Select(other => $"volume-{VolumeOf(other)}");
        return Directory.EnumerateFiles(service.Paths.Volumes).Select(file => System.IO.Path.GetFileName(file)).Except(others);
    }

    private async Task<string> VolumeOfAsync(string image) => VolumeOf((await service.Client.GetJsonAsync($"/v2/images/{image}")).Body);

    private static string VolumeOf(System.Text.Json.JsonElement image)
        => System.Text.Json.JsonElement.Parse(image.GetProperty("block_device_mapping").GetString()!)[0].GetProperty("volume_id").GetString()!;

    private sealed record Answer(string Image, HttpStatusCode Status, string Message);
}
