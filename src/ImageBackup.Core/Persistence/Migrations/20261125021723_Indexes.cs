using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Indexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_volumes_ProjectId_CreatedAt",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_images_CreatedAt",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_CreatedAt",
                table: "image_backups");

            migrationBuilder.CreateTable(
                name: "image_properties",
                columns: table => new
                {
                    ImageId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_image_properties", x => new { x.Name, x.Value, x.ImageId });
                    table.ForeignKey(
                        name: "FK_image_properties_images_ImageId",
                        column: x => x.ImageId,
                        principalTable: "images",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "image_volumes",
                columns: table => new
                {
                    ImageId = table.Column<string>(type: "TEXT", nullable: false),
                    VolumeId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_image_volumes", x => new { x.VolumeId, x.ImageId });
                    table.ForeignKey(
                        name: "FK_image_volumes_images_ImageId",
                        column: x => x.ImageId,
                        principalTable: "images",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Bootable_CreatedAt_Id",
                table: "volumes",
                columns: new[] { "Bootable", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Bootable_Id",
                table: "volumes",
                columns: new[] { "Bootable", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_CreatedAt_Id",
                table: "volumes",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Name_CreatedAt_Id",
                table: "volumes",
                columns: new[] { "Name", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Name_Id",
                table: "volumes",
                columns: new[] { "Name", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_ProjectId_CreatedAt_Id",
                table: "volumes",
                columns: new[] { "ProjectId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_SizeBytes_Id",
                table: "volumes",
                columns: new[] { "SizeBytes", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Status_CreatedAt_Id",
                table: "volumes",
                columns: new[] { "Status", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_Status_Id",
                table: "volumes",
                columns: new[] { "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_volumes_UpdatedAt_Id",
                table: "volumes",
                columns: new[] { "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_log_books_FinishedAt",
                table: "log_books",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_images_ContainerFormat_Id",
                table: "images",
                columns: new[] { "ContainerFormat", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_CreatedAt_Id",
                table: "images",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_DiskFormat_Id",
                table: "images",
                columns: new[] { "DiskFormat", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Name_CreatedAt_Id",
                table: "images",
                columns: new[] { "Name", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Name_Id",
                table: "images",
                columns: new[] { "Name", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Owner_CreatedAt_Id",
                table: "images",
                columns: new[] { "Owner", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Size_Id",
                table: "images",
                columns: new[] { "Size", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Status_CreatedAt_Id",
                table: "images",
                columns: new[] { "Status", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_Status_Id",
                table: "images",
                columns: new[] { "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_images_UpdatedAt_Id",
                table: "images",
                columns: new[] { "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_BackupHost_OvaName",
                table: "image_backups",
                columns: new[] { "BackupHost", "OvaName" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_CosBucket_CosObject",
                table: "image_backups",
                columns: new[] { "CosBucket", "CosObject" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_BackupHost_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "BackupHost", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_BackupHost_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "BackupHost", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Name_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Name", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Name_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Name", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Size_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Size", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_SrcImageId_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "SrcImageId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Status_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Status", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_Status_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_UpdatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_idempotency_keys_CreatedAt",
                table: "idempotency_keys",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_image_properties_ImageId",
                table: "image_properties",
                column: "ImageId");

            migrationBuilder.CreateIndex(
                name: "IX_image_volumes_ImageId",
                table: "image_volumes",
                column: "ImageId");
        
            migrationBuilder.Sql("INSERT INTO image_properties (ImageId, Name, Value) SELECT images.Id, property.key, property.value FROM images, json_each(images.Properties) AS property");
            migrationBuilder.Sql("INSERT OR IGNORE INTO image_volumes (ImageId, VolumeId) SELECT images.Id, json_extract(device.value, '$.volume_id') FROM images, json_each(images.BlockDeviceMapping) AS device");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "image_properties");

            migrationBuilder.DropTable(
                name: "image_volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Bootable_CreatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Bootable_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_CreatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Name_CreatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Name_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_ProjectId_CreatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_SizeBytes_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Status_CreatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_Status_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_volumes_UpdatedAt_Id",
                table: "volumes");

            migrationBuilder.DropIndex(
                name: "IX_log_books_FinishedAt",
                table: "log_books");

            migrationBuilder.DropIndex(
                name: "IX_images_ContainerFormat_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_CreatedAt_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_DiskFormat_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Name_CreatedAt_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Name_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Owner_CreatedAt_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Size_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Status_CreatedAt_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_Status_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_images_UpdatedAt_Id",
                table: "images");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_BackupHost_OvaName",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_CosBucket_CosObject",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_BackupHost_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_BackupHost_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Name_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Name_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Size_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_SrcImageId_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Status_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_Status_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_UpdatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_idempotency_keys_CreatedAt",
                table: "idempotency_keys");

            migrationBuilder.CreateIndex(
                name: "IX_volumes_ProjectId_CreatedAt",
                table: "volumes",
                columns: new[] { "ProjectId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_images_CreatedAt",
                table: "images",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_CreatedAt",
                table: "image_backups",
                columns: new[] { "ProjectId", "CreatedAt" });
        }
    }
}
