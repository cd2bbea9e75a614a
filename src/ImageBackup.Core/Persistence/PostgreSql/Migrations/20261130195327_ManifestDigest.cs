using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.PostgreSql.Migrations
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
                type: "text",
                nullable: true,
                collation: "C");
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
