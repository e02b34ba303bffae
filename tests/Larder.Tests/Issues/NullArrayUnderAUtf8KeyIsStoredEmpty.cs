using Xunit;

namespace Larder.Tests.Issues;

/// <summary>Bad input, section 7: set, null value, ArgumentNullException. Under a UTF-8 key a null array turns into an empty span without a word.</summary>
public sealed class NullArrayUnderAUtf8KeyIsStoredEmpty
{
    [Fact]
    public void It_is_refused()
    {
        using var store = new Store();
        byte[] nothing = null!;
        Assert.Throws<ArgumentNullException>(() => store.Set("k"u8, nothing));
    }
}
