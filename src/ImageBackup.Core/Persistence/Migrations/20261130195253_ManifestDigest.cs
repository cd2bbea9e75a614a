using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ManifestDigest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ManifestSha256",
                table: "image_backups",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ManifestSha256",
                table: "image_backups");
        }
    }
}
