using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ListFilters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "VerifiedAt",
                table: "image_backups",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ImageNameKey",
                table: "image_backups",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(\"ImageName\")",
                stored: false);

            migrationBuilder.AddColumn<string>(
                name: "OsTypeKey",
                table: "image_backups",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(\"OsType\")",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_CosBucket_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "CosBucket", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_ImageNameKey_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "ImageNameKey", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_OsTypeKey_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "OsTypeKey", "CreatedAt", "Id" });

            migrationBuilder.Sql(
                """
                UPDATE image_backups SET "VerifiedAt" = (
                    SELECT MAX(book."FinishedAt") FROM log_books AS book
                    WHERE book."BackupId" = image_backups."Id" AND book."Action" = 'verify' AND book."QueueState" = 'finished'
                        AND NOT EXISTS (SELECT 1 FROM flows AS flow WHERE flow."LogBookId" = book."Id" AND flow."State" <> 'success'))
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_CosBucket_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_ImageNameKey_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropIndex(
                name: "IX_image_backups_ProjectId_OsTypeKey_CreatedAt_Id",
                table: "image_backups");

            migrationBuilder.DropColumn(
                name: "ImageNameKey",
                table: "image_backups");

            migrationBuilder.DropColumn(
                name: "OsTypeKey",
                table: "image_backups");

            migrationBuilder.DropColumn(
                name: "VerifiedAt",
                table: "image_backups");
        }
    }
}
