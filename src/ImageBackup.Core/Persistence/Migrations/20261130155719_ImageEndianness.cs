using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ImageBackup.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ImageEndianness : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            const string littleEndian = "SELECT ImageId FROM image_properties WHERE Name = 'architecture' AND Value = 'ppc64le'";
            migrationBuilder.Sql($"UPDATE images SET Properties = json_set(Properties, '$.architecture', 'ppc64', '$.endianness', 'little-endian') WHERE Id IN ({littleEndian})");
            migrationBuilder.Sql($"DELETE FROM image_properties WHERE Name = 'endianness' AND ImageId IN ({littleEndian})");
            migrationBuilder.Sql("INSERT INTO image_properties (ImageId, Name, Value) SELECT ImageId, 'endianness', 'little-endian' FROM image_properties WHERE Name = 'architecture' AND Value = 'ppc64le'");
            migrationBuilder.Sql("UPDATE image_properties SET Value = 'ppc64' WHERE Name = 'architecture' AND Value = 'ppc64le'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {

        }
    }
}
