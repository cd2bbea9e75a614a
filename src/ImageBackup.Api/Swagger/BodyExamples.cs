namespace ImageBackup.Api.Swagger;

/// <summary>
/// Bodies that work as they stand against the demo's data, in the order of the document; a test sends each. Those of image backups are IBM's samples, with
/// the names that exist here.
/// </summary>
internal static class BodyExamples
{
    public const string ImageId = "9c219888-1ab0-429e-9282-7cbc6957c839";

    /// <summary>The id of the image that the example of <c>POST /v2/images</c> makes.</summary>
    public const string NewImageId = "5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10";

    public static readonly BodyExample[] Node =
    [
        new("A second node", """
            {"backup_nodes": {"registration": {"access_ip": "192.0.2.10", "user_id": "root", "password": "secret", "display_name": "second node",
              "backup_node_id": "vm-2", "cos_default": "bucket-1", "fast_compression": false}}}
            """),
    ];

    public static readonly BodyExample[] NodeChange =
        [new("A new name and bucket", """{"backup_nodes": {"registration": {"display_name": "node two", "cos_default": "cos-default"}}}""")];

    public static readonly BodyExample[] Cos =
    [
        new("A bucket of an S3 service", """
            {"cos": {"name": "backups", "type": "s3", "bucket_name": "bucket-1", "credentials": {"cos_endpoint": "https://s3.example",
              "access_key": "key", "secret_key": "secret", "region": "us-east-1"}}}
            """),
    ];

    public static readonly BodyExample[] CosChange = [new("A new name", """{"cos": {"name": "monthly backups"}}""")];

    public static readonly BodyExample[] Volume = [new("An empty volume", """{"volume": {"name": "data", "size": 1, "volume_type": "local base template"}}""")];

    public static readonly BodyExample[] Image =
    [
        new("An image whose file follows", """
            {"id": "5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10", "name": "small", "disk_format": "raw", "container_format": "bare", "os_distro": "rhel",
              "architecture": "ppc64le"}
            """),
    ];

    public static readonly BodyExample[] ImageChange = [new("A new name", """[{"op": "replace", "path": "/name", "value": "renamed"}]""")];

    public static readonly BodyExample[] Fault =
        [new("Slow exports down to 4 MiB a second", """{"fault": {"task": "backup_vol_*", "at": 0, "action": "throttle", "bytes_per_second": 4194304}}""")];
}
