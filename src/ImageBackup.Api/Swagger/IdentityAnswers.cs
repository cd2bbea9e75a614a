using System.Text.Json.Serialization;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Swagger;

// The embedded Keystone's answers as the document shows them; TokenBody and its neighbours write them.

/// <summary>What several examples share.</summary>
internal static class IdentityAnswerFields
{
    /// <summary>The id that the name demo decides.</summary>
    public const string DemoUserId = "cd79565c5c3a7eb25c075d02b13966b8";
}

/// <summary>What a token stands for.</summary>
internal sealed class TokenAnswer
{
    /// <summary>The token, without itself: that stands in X-Subject-Token.</summary>
    public TokenFields Token { get; init; } = new();
}

/// <summary>A token.</summary>
internal sealed class TokenFields
{
    /// <summary>How its owner logged in: password, token or application_credential.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Whose it is.</summary>
    public TokenUserFields User { get; init; } = new();

    /// <summary>What the log calls it.</summary>
    public IReadOnlyList<string> AuditIds { get; init; } = [];

    /// <summary>When it ends, UTC.</summary>
    /// <example>2026-11-23T22:16:33.885350Z</example>
    public string ExpiresAt { get; init; } = "";

    /// <summary>When it began, UTC.</summary>
    /// <example>2026-11-23T16:16:33.885350Z</example>
    public string IssuedAt { get; init; } = "";

    /// <summary>The project it is for; an unscoped one has none.</summary>
    public TokenProjectFields? Project { get; init; }

    /// <summary>Always false; with a project only.</summary>
    /// <example>false</example>
    public bool? IsDomain { get; init; }

    /// <summary>What its owner may do in the project.</summary>
    public IReadOnlyList<RoleFields>? Roles { get; init; }

    /// <summary>What the service offers in the project; left out with nocatalog.</summary>
    public IReadOnlyList<CatalogServiceFields>? Catalog { get; init; }

    /// <summary>The application credential it was issued for, if it was one.</summary>
    public TokenCredentialFields? ApplicationCredential { get; init; }
}

/// <summary>The one domain.</summary>
internal sealed class DomainFields
{
    /// <summary>Always default.</summary>
    /// <example>default</example>
    public string Id { get; init; } = "";

    /// <summary>Always Default.</summary>
    /// <example>Default</example>
    public string Name { get; init; } = "";
}

/// <summary>Whose a token is.</summary>
internal sealed class TokenUserFields
{
    /// <summary>The domain.</summary>
    public DomainFields Domain { get; init; } = new();

    /// <summary>The id of the user.</summary>
    /// <example>cd79565c5c3a7eb25c075d02b13966b8</example>
    public string Id { get; init; } = "";

    /// <summary>The name of the user.</summary>
    /// <example>demo</example>
    public string Name { get; init; } = "";

    /// <summary>Always null.</summary>
    public string? PasswordExpiresAt { get; init; }
}

/// <summary>What a token is for.</summary>
internal sealed class TokenProjectFields
{
    /// <summary>The domain.</summary>
    public DomainFields Domain { get; init; } = new();

    /// <summary>The id of the project.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public string Id { get; init; } = "";

    /// <summary>The name of the project.</summary>
    /// <example>ibm-default</example>
    public string Name { get; init; } = "";
}

/// <summary>A role.</summary>
internal sealed class RoleFields
{
    /// <summary>The id of the role.</summary>
    /// <example>role-member</example>
    public string Id { get; init; } = "";

    /// <summary>admin, member or reader.</summary>
    /// <example>member</example>
    public string Name { get; init; } = "";
}

/// <summary>The application credential of a token.</summary>
internal sealed class TokenCredentialFields
{
    /// <summary>The id of the credential.</summary>
    /// <example>ci-id</example>
    public string Id { get; init; } = "";

    /// <summary>The name of the credential.</summary>
    /// <example>ci</example>
    public string Name { get; init; } = "";

    /// <summary>Always true: it makes no further ones.</summary>
    /// <example>true</example>
    public bool Restricted { get; init; }
}

/// <summary>One of the services.</summary>
internal sealed class CatalogServiceFields
{
    /// <summary>The id.</summary>
    /// <example>image</example>
    public string Id { get; init; } = "";

    /// <summary>The type.</summary>
    /// <example>image</example>
    public string Type { get; init; } = "";

    /// <summary>The name.</summary>
    /// <example>glance</example>
    public string Name { get; init; } = "";

    /// <summary>Where it is.</summary>
    public IReadOnlyList<CatalogEndpointFields> Endpoints { get; init; } = [];
}

/// <summary>Where a service is.</summary>
internal sealed class CatalogEndpointFields
{
    /// <summary>The id.</summary>
    /// <example>image-public</example>
    public string Id { get; init; } = "";

    /// <summary>public, internal or admin.</summary>
    /// <example>public</example>
    public string Interface { get; init; } = "";

    /// <summary>The region.</summary>
    /// <example>RegionOne</example>
    public string Region { get; init; } = "";

    /// <summary>The region.</summary>
    /// <example>RegionOne</example>
    public string RegionId { get; init; } = "";

    /// <summary>The address.</summary>
    /// <example>http://127.0.0.1:9000/v2</example>
    public string Url { get; init; } = "";
}

/// <summary>What the service offers.</summary>
internal sealed class CatalogAnswer
{
    /// <summary>The services.</summary>
    public IReadOnlyList<CatalogServiceFields> Catalog { get; init; } = [];

    /// <summary>The page of the list.</summary>
    public PageLinkFields Links { get; init; } = new();
}

/// <summary>Where a list stands.</summary>
internal sealed class PageLinkFields
{
    /// <summary>This page.</summary>
    /// <example>http://127.0.0.1:9000/identity/v3/projects</example>
    public string Self { get; init; } = "";

    /// <summary>Always null: lists have one page.</summary>
    public string? Next { get; init; }

    /// <summary>Always null.</summary>
    public string? Previous { get; init; }
}

/// <summary>Projects.</summary>
internal sealed class ProjectListAnswer
{
    /// <summary>The projects.</summary>
    public IReadOnlyList<ProjectFields> Projects { get; init; } = [];

    /// <summary>The page of the list.</summary>
    public PageLinkFields Links { get; init; } = new();
}

/// <summary>One project.</summary>
internal sealed class ProjectAnswer
{
    /// <summary>The project.</summary>
    public ProjectFields Project { get; init; } = new();
}

/// <summary>A project.</summary>
internal sealed class ProjectFields
{
    /// <summary>The id.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public string Id { get; init; } = "";

    /// <summary>The name.</summary>
    /// <example>ibm-default</example>
    public string Name { get; init; } = "";

    /// <summary>Always default.</summary>
    /// <example>default</example>
    public string DomainId { get; init; } = "";

    /// <summary>Always default.</summary>
    /// <example>default</example>
    public string ParentId { get; init; } = "";

    /// <summary>Always empty.</summary>
    /// <example></example>
    public string Description { get; init; } = "";

    /// <summary>Always true.</summary>
    /// <example>true</example>
    public bool Enabled { get; init; }

    /// <summary>Always false.</summary>
    /// <example>false</example>
    public bool IsDomain { get; init; }

    /// <summary>Always empty.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Always empty.</summary>
    public Dictionary<string, string> Options { get; init; } = [];

    /// <summary>Its own address.</summary>
    public SelfLinkFields Links { get; init; } = new();
}

/// <summary>An address.</summary>
internal sealed class SelfLinkFields
{
    /// <summary>The address.</summary>
    /// <example>http://127.0.0.1:9000/identity/v3/projects/40a58846608e4e908c43b547d4dfb58c</example>
    public string Self { get; init; } = "";
}

/// <summary>Users.</summary>
internal sealed class UserListAnswer
{
    /// <summary>The users.</summary>
    public IReadOnlyList<UserFields> Users { get; init; } = [];

    /// <summary>The page of the list.</summary>
    public PageLinkFields Links { get; init; } = new();
}

/// <summary>One user.</summary>
internal sealed class UserAnswer
{
    /// <summary>The user.</summary>
    public UserFields User { get; init; } = new();
}

/// <summary>A user.</summary>
internal sealed class UserFields
{
    /// <summary>The id.</summary>
    /// <example>cd79565c5c3a7eb25c075d02b13966b8</example>
    public string Id { get; init; } = "";

    /// <summary>The name.</summary>
    /// <example>demo</example>
    public string Name { get; init; } = "";

    /// <summary>Always default.</summary>
    /// <example>default</example>
    public string DomainId { get; init; } = "";

    /// <summary>Always true.</summary>
    /// <example>true</example>
    public bool Enabled { get; init; }

    /// <summary>Always null.</summary>
    public string? PasswordExpiresAt { get; init; }

    /// <summary>Always empty.</summary>
    public Dictionary<string, string> Options { get; init; } = [];

    /// <summary>Its own address.</summary>
    public SelfLinkFields Links { get; init; } = new();
}

/// <summary>Version discovery.</summary>
internal sealed class IdentityVersionsAnswer
{
    /// <summary>The versions.</summary>
    public IdentityVersionValues Versions { get; init; } = new();
}

/// <summary>The list.</summary>
internal sealed class IdentityVersionValues
{
    /// <summary>The one version.</summary>
    public IReadOnlyList<IdentityVersionFields> Values { get; init; } = [];
}

/// <summary>Version discovery.</summary>
internal sealed class IdentityVersionAnswer
{
    /// <summary>The version.</summary>
    public IdentityVersionFields Version { get; init; } = new();
}

/// <summary>The one version.</summary>
internal sealed class IdentityVersionFields
{
    /// <summary>Which of Keystone's it is.</summary>
    /// <example>v3.14</example>
    public string Id { get; init; } = "";

    /// <summary>Always stable.</summary>
    /// <example>stable</example>
    public string Status { get; init; } = "";

    /// <summary>When Keystone brought it.</summary>
    /// <example>2020-04-07T00:00:00Z</example>
    public string Updated { get; init; } = "";

    /// <summary>Where it is.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>What it speaks.</summary>
    [JsonPropertyName("media-types")]
    public IReadOnlyList<MediaTypeFields> MediaTypes { get; init; } = [];
}

/// <summary>What a version speaks.</summary>
internal sealed class MediaTypeFields
{
    /// <summary>The general type.</summary>
    /// <example>application/json</example>
    public string Base { get; init; } = "";

    /// <summary>The type of the version.</summary>
    /// <example>application/vnd.openstack.identity-v3+json</example>
    public string Type { get; init; } = "";
}
