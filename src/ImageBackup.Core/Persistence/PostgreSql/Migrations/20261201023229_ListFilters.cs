using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ImageBackup.Core.Persistence.PostgreSql.Migrations
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
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ImageNameKey",
                table: "image_backups",
                type: "text",
                nullable: true,
                computedColumnSql: "lower(\"ImageName\")",
                stored: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "OsTypeKey",
                table: "image_backups",
                type: "text",
                nullable: true,
                computedColumnSql: "lower(\"OsType\")",
                stored: true,
                collation: "C");

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_CosBucket_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "CosBucket", "CreatedAt", "Id" })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_ImageNameKey_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "ImageNameKey", "CreatedAt", "Id" })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst });

            migrationBuilder.CreateIndex(
                name: "IX_image_backups_ProjectId_OsTypeKey_CreatedAt_Id",
                table: "image_backups",
                columns: new[] { "ProjectId", "OsTypeKey", "CreatedAt", "Id" })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst, NullSortOrder.NullsFirst });

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
