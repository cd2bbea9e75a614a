using System.Buffers.Binary;
using ImageBackup.Identity.Users;

namespace ImageBackup.Identity.Tests.Users;

public sealed class PasswordHashTests
{
    /// <summary>Printed by hash-password of the release before ASP.NET Core's hasher, for "open sesame".</summary>
    public const string Earlier = "pbkdf2-sha256$600000$dfltqySpz8aY3D5d0fFWRQ==$EJIc3O45b7f7P46FffyMaQ8kpb1EWoWVcZZGI7qL9mA=";

    /// <summary>Printed by hash-password, for "open sesame".</summary>
    public const string Present = "AQAAAAIAAzRQAAAAEMTHHydHaTmUYKoQz4OlU2bwJgXMl00PDRVWy87xKcaWKZl4/IPzNzEW/4m47+U0cA==";

    [Theory]
    [InlineData(Earlier)]
    [InlineData(Present)]
    [InlineData($"  {Earlier}\n")]
    public void A_printed_hash_verifies_its_password_and_no_other(string text)
    {
        var hash = PasswordHash.Parse(text);

        Assert.NotNull(hash);
        Assert.True(hash.Verify("open sesame"));
        Assert.False(hash.Verify("open sesamE"));
        Assert.Equal(text.Trim(), hash.ToString());
    }

    [Fact]
    public void A_new_hash_has_a_random_salt_and_is_accepted_again()
    {
        var (one, other) = (PasswordHash.Create("open sesame"), PasswordHash.Create("open sesame"));

        Assert.NotEqual(one.ToString(), other.ToString());
        Assert.True(PasswordHash.Parse(one.ToString())!.Verify("open sesame"));
    }

    [Fact]
    public void A_password_in_plain_text_has_the_same_hash_at_every_start()
    {
        var hash = PasswordHash.CreateFor("user-1", "open sesame");

        Assert.Equal(hash.ToString(), PasswordHash.CreateFor("user-1", "open sesame").ToString());
        Assert.NotEqual(hash.ToString(), PasswordHash.CreateFor("user-2", "open sesame").ToString());
        Assert.True(hash.Verify("open sesame"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("open sesame")]
    [InlineData("AQAAAA")]
    [InlineData("pbkdf2-sha256$599999$dfltqySpz8aY3D5d0fFWRQ==$EJIc3O45b7f7P46FffyMaQ8kpb1EWoWVcZZGI7qL9mA=")]
    [InlineData("pbkdf2-sha256$600000$dfltqySpz8Y=$EJIc3O45b7f7P46FffyMaQ8kpb1EWoWVcZZGI7qL9mA=")]
    [InlineData("pbkdf2-sha256$600000$dfltqySpz8aY3D5d0fFWRQ==$EJIc3O45b7c=")]
    [InlineData("pbkdf2-sha256$600000$dfltqySpz8aY3D5d0fFWRQ==")]
    public void Text_that_is_no_hash_or_a_cheap_one_is_refused(string text) => Assert.Null(PasswordHash.Parse(text));

    [Theory]
    [InlineData(1, 2, PasswordHash.Iterations, 16, 32, true)]
    [InlineData(1, 2, PasswordHash.Iterations - 1, 16, 32, false)]
    [InlineData(1, 2, int.MaxValue, 16, 32, false)]
    [InlineData(1, 1, PasswordHash.Iterations, 16, 32, false)]
    [InlineData(0, 2, PasswordHash.Iterations, 16, 32, false)]
    [InlineData(1, 2, PasswordHash.Iterations, 8, 40, false)]
    [InlineData(1, 2, PasswordHash.Iterations, 17, 31, false)]
    [InlineData(1, 2, PasswordHash.Iterations, -1, 49, false)]
    public void The_header_of_a_hash_decides_whether_it_is_strong_enough(byte marker, int function, int iterations, int saltBytes, int keyBytes, bool isAccepted)
    {
        var bytes = new byte[13 + saltBytes + keyBytes];
        bytes[0] = marker;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), function);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), saltBytes);

        Assert.Equal(isAccepted, PasswordHash.Parse(Convert.ToBase64String(bytes)) is not null);
    }
}
