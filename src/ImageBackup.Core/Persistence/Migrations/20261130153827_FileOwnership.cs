using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class FileOwnership : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "OwnsFile",
                table: "image_backups",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // Earlier releases wrote the files of exports, and of imports from objects that other programs had uploaded.
            migrationBuilder.Sql("UPDATE image_backups SET OwnsFile = 1 WHERE SrcImageId IS NOT NULL OR (CosObject IS NOT NULL AND OwnsObject = 0)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OwnsFile",
                table: "image_backups");
        }
    }
}
