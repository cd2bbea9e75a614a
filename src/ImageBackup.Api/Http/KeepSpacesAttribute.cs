namespace ImageBackup.Api.Http;

/// <summary>Keeps leading and trailing spaces of a text field. <see cref="RequestReader"/> removes them elsewhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeepSpacesAttribute : Attribute;
