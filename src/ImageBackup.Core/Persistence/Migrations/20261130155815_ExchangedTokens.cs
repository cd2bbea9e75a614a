using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ExchangedTokens : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ExchangedFrom",
                table: "tokens",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_tokens_ParentAuditId",
                table: "tokens",
                column: "ParentAuditId");

            // Only the first token of an earlier exchange is known. Revoking that one revokes them, too.
            migrationBuilder.Sql("UPDATE tokens SET ExchangedFrom = ParentAuditId WHERE ParentAuditId > ''");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tokens_ParentAuditId",
                table: "tokens");

            migrationBuilder.DropColumn(
                name: "ExchangedFrom",
                table: "tokens");
        }
    }
}
