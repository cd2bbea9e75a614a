using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>A log-in. Unknown fields are ignored, as in Keystone.</summary>
[Envelope("auth")]
[BodyExample("By password", """
    {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"name": "Default"}, "password": "secret"}}},
      "scope": {"project": {"name": "ibm-default", "domain": {"name": "Default"}}}}}
    """)]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record LogInRequest
{
    private const int LongestSecret = 4096;

    /// <summary>Who logs in, and how.</summary>
    public required IdentityRequest Identity { get; init; }

    /// <summary>The project of the token. If left out or "unscoped", the token has no project. An application credential has its own project.</summary>
    [AllowedWords("unscoped")]
    public ScopeRequest? Scope { get; init; }

    /// <summary>The methods of a log-in and their proofs.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record IdentityRequest
    {
        /// <summary>The methods: password, token or application_credential.</summary>
        public required IReadOnlyList<string> Methods { get; init; }

        /// <summary>Required with the method password.</summary>
        public PasswordRequest? Password { get; init; }

        /// <summary>Required with the method token.</summary>
        public TokenRequest? Token { get; init; }

        /// <summary>Required with the method application_credential.</summary>
        public ApplicationCredentialRequest? ApplicationCredential { get; init; }
    }

    /// <summary>A log-in by password.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record PasswordRequest
    {
        /// <summary>The user and the password.</summary>
        public required PasswordUserRequest User { get; init; }
    }

    /// <summary>A user by id, or by name and domain, and the password.</summary>
    internal sealed record PasswordUserRequest : UserRequest
    {
        /// <summary>The password. It is never repeated or logged.</summary>
        /// <example>secret</example>
        [DataType(DataType.Password)]
        [StringLength(LongestSecret)]
        public required string Password { get; init; }
    }

    /// <summary>A user by id, or by name and domain.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal record UserRequest
    {
        /// <summary>The id of the user.</summary>
        /// <example>cd79565c5c3a7eb25c075d02b13966b8</example>
        public string? Id { get; init; }

        /// <summary>The name of the user.</summary>
        /// <example>demo</example>
        public string? Name { get; init; }

        /// <summary>The domain. Required with a name.</summary>
        public DomainRequest? Domain { get; init; }
    }

    /// <summary>A domain by id or name.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record DomainRequest
    {
        /// <summary>The id of the domain.</summary>
        /// <example>default</example>
        public string? Id { get; init; }

        /// <summary>The name of the domain.</summary>
        /// <example>Default</example>
        public string? Name { get; init; }
    }

    /// <summary>A log-in by another token.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record TokenRequest
    {
        /// <summary>The token.</summary>
        /// <example>the token</example>
        [DataType(DataType.Password)]
        [StringLength(LongestSecret)]
        public required string Id { get; init; }
    }

    /// <summary>A log-in by application credential: its id, or its name and user, and its secret.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record ApplicationCredentialRequest
    {
        /// <summary>The id of the credential.</summary>
        /// <example>ci-id</example>
        public string? Id { get; init; }

        /// <summary>The name of the credential.</summary>
        /// <example>ci</example>
        public string? Name { get; init; }

        /// <summary>The owner of the credential. Required with a name.</summary>
        public UserRequest? User { get; init; }

        /// <summary>The secret. It is never repeated or logged.</summary>
        /// <example>secret</example>
        [DataType(DataType.Password)]
        [StringLength(LongestSecret)]
        public required string Secret { get; init; }
    }

    /// <summary>The scope of a token.</summary>
    internal sealed record ScopeRequest
    {
        /// <summary>The project.</summary>
        public ProjectRequest? Project { get; init; }

        /// <summary>Keystone's other scopes. Nobody has roles on them.</summary>
        [JsonExtensionData]
        public Dictionary<string, JsonElement> Others { get; init; } = [];
    }

    /// <summary>A project by id, or by name and domain.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record ProjectRequest
    {
        /// <summary>The id of the project.</summary>
        /// <example>40a58846608e4e908c43b547d4dfb58c</example>
        public string? Id { get; init; }

        /// <summary>The name of the project.</summary>
        /// <example>ibm-default</example>
        public string? Name { get; init; }

        /// <summary>The domain. Required with a name.</summary>
        public DomainRequest? Domain { get; init; }
    }
}
