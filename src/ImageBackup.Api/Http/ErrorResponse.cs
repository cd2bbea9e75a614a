namespace ImageBackup.Api.Http;

/// <summary>An error in Cinder's shape, which Glance's routes use too: <c>{"itemNotFound":{"code":404,"message":"…"}}</c>.</summary>
/// <param name="Code" example="400">The status code of the response.</param>
/// <param name="Message" example="Invalid input for field/attribute compression. Value: bzip2. 'bzip2' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)">What is wrong: the field, its value and what is accepted.</param>
internal sealed record ErrorResponse(int Code, string Message);

/// <summary>An error in Keystone's shape: <c>{"error":{"code":401,"title":"Unauthorized","message":"…"}}</c>.</summary>
/// <param name="Code" example="401">The status code of the response.</param>
/// <param name="Title" example="Unauthorized">The status code in words.</param>
/// <param name="Message" example="The request you have made requires authentication.">What is wrong.</param>
internal sealed record KeystoneErrorResponse(int Code, string Title, string Message);
