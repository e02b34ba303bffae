using System.Text;
using Xunit;

namespace Larder.Tests.Contract;

/// <summary>What no store can do: refused by name, before anything happens, the same way by every member.</summary>
public abstract class BadInputContract<TSubject> : ContractTests<TSubject>
    where TSubject : Subject, new()
{
    private static readonly string _tooLong = new('k', 1_025);

    [Theory]
    [MemberData(nameof(Members.KeyedNames), MemberType = typeof(Members))]
    public void Keys_that_are_none_are_refused(string member)
    {
        if (Undeclared(member, store => Members.Keyed[member](store, "k")))
        {
            return;
        }

        RefusesKeys(key => Members.Keyed[member](Store, key));
        Refused<StoreLimitException>(() => Members.Keyed[member](Store, _tooLong), "MaxKeyBytes is 1024 bytes, but");
    }

    [Theory]
    [MemberData(nameof(Members.KeyedAsyncNames), MemberType = typeof(Members))]
    public async Task Async_members_refuse_keys_at_the_call_and_limits_through_the_task(string member)
    {
        Func<IStore, string, CancellationToken, Task> call = Members.KeyedAsync[member];
        if (Undeclared(member, store => call(store, "k", default)))
        {
            return;
        }

        if (!member.Contains("UTF-8", StringComparison.Ordinal) && member != "TryReadAsync")
        {
            RefusesKeys(key => _ = call(Store, key, new CancellationToken(canceled: true)));
        }

        await RefusedByTask<StoreLimitException>(() => call(Store, _tooLong, default), "MaxKeyBytes is 1024 bytes, but");
    }

    [Theory]
    [MemberData(nameof(Members.Utf8KeyedNames), MemberType = typeof(Members))]
    public void Keys_in_utf8_are_refused_when_empty_or_broken(string member)
    {
        Action<IStore, byte[]> call = Members.Utf8Keyed[member];
        Fill();
        Refused<ArgumentException>(() => call(Store, []), "key cannot be empty", "utf8Key");
        Refused<ArgumentException>(() => call(Store, [(byte)'k', 0xFF]), "not valid UTF-8", "utf8Key");
        Refused<ArgumentException>(() => call(Store, [0xED, 0xA0, 0x80]), "not valid UTF-8", "utf8Key");
        Refused<ArgumentException>(() => call(Store, [0xC3]), "not valid UTF-8", "utf8Key");
        if (!member.EndsWith("Async", StringComparison.Ordinal))
        {
            Refused<StoreLimitException>(() => call(Store, Encoding.UTF8.GetBytes(_tooLong)), "MaxKeyBytes is 1024 bytes, but");
        }
    }

    [Theory]
    [MemberData(nameof(Members.PrefixedNames), MemberType = typeof(Members))]
    public void Prefixes_that_are_none_are_refused_at_the_call(string member)
    {
        Action<IStore, string> call = Members.Prefixed[member];
        if (Undeclared(member, store => call(store, "k")))
        {
            return;
        }

        Fill();
        Refused<ArgumentNullException>(() => call(Store, null!), parameter: "prefix");
        Refused<ArgumentException>(() => call(Store, "a\ud800"), "unpaired surrogate", "prefix");
    }

    [Fact]
    public void Limits_and_places_of_a_scan_are_checked_at_the_call()
    {
        Fill();
        Refused<ArgumentOutOfRangeException>(() => Store.Scan(limit: -1), parameter: "limit");
        Refused<ArgumentOutOfRangeException>(() => Store.Scan(limit: int.MinValue), parameter: "limit");
        Refused<ArgumentOutOfRangeException>(() => Store.ScanAsync(limit: -1), parameter: "limit");
        if (Store.Features.HasFlag(StoreFeatures.OrderedScan))
        {
            Refused<ArgumentException>(() => Store.Scan(after: "\udc00"), "unpaired surrogate", "after");
            Refused<ArgumentException>(() => Store.ScanAsync(after: "\udc00"), "unpaired surrogate", "after");
            Assert.Equal(Store.Count(), Store.Scan(after: "").Count());
        }
    }

    [Fact]
    public void Null_values_are_refused()
    {
        Fill();
        Refused<ArgumentNullException>(() => Store.Set("k", (byte[])null!), parameter: "value");
        Refused<ArgumentNullException>(() => Store.TryAdd("new", (byte[])null!), parameter: "value");
        Refused<ArgumentNullException>(() => Store.TryUpdate("k", (byte[])null!, 1), parameter: "value");
        Refused<ArgumentNullException>(() => Store.Write(null!), parameter: "batch");
        Refused<ArgumentNullException>(() => Store.TryRead("k"u8, null!), parameter: "destination");
        Refused<ArgumentNullException>(() => _ = Store.SetAsync("k", (byte[])null!).AsTask(), parameter: "value");
        Refused<ArgumentNullException>(() => _ = Store.TryAddAsync("new", (byte[])null!).AsTask(), parameter: "value");
        Refused<ArgumentNullException>(() => _ = Store.TryUpdateAsync("k", (byte[])null!, 1).AsTask(), parameter: "value");
        Refused<ArgumentNullException>(() => _ = Store.WriteAsync(null!).AsTask(), parameter: "batch");
        Refused<ArgumentNullException>(() => _ = Store.TryReadAsync("k"u8, null!).AsTask(), parameter: "destination");
    }

    [Fact]
    public async Task Values_over_the_limit_are_refused()
    {
        Open(options => options.MaxValueBytes = 100);
        Fill();
        byte[] large = new byte[101];
        const string Message = "MaxValueBytes is 100 bytes, but 101 bytes were given; nothing was changed";
        StoreLimitException refusal = Refused<StoreLimitException>(() => Store.Set("k", large), Message);
        Assert.Equal(("MaxValueBytes", 100, 101), (refusal.Limit, refusal.Maximum, refusal.Actual));
        Refused<StoreLimitException>(() => Store.Set("k"u8, large), Message);
        Refused<StoreLimitException>(() => Store.TryAdd("new", large), Message);
        Refused<StoreLimitException>(() => Store.TryUpdate("k", large, 1), Message);
        Refused<StoreLimitException>(() => Store.Set("k", new string('v', 101)), Message);
        Refused<StoreLimitException>(() => Store.Write(new WriteBatch().Set("k", large)), Message);
        await RefusedByTask<StoreLimitException>(() => Store.SetAsync("k", large).AsTask(), Message);
        await RefusedByTask<StoreLimitException>(() => Store.SetAsync("k"u8, large).AsTask(), Message);
        await RefusedByTask<StoreLimitException>(() => Store.TryAddAsync("new", large).AsTask(), Message);
        await RefusedByTask<StoreLimitException>(() => Store.TryUpdateAsync("k", large, 1).AsTask(), Message);
        await RefusedByTask<StoreLimitException>(() => Store.WriteAsync(new WriteBatch().Set("k", large)).AsTask(), Message);
        Store.Set("k", new byte[100]);
    }

    [Theory]
    [MemberData(nameof(Members.KeyedAsyncNames), MemberType = typeof(Members))]
    public async Task A_cancelled_call_has_no_effect(string member)
    {
        Func<IStore, string, CancellationToken, Task> call = Members.KeyedAsync[member];
        if (Undeclared(member, store => call(store, "k", default)))
        {
            return;
        }

        Fill();
        await RefusedByTask<OperationCanceledException>(() => call(Store, "k", new CancellationToken(canceled: true)));
        await RefusedByTask<OperationCanceledException>(() => call(Store, "new", new CancellationToken(canceled: true)));
        await RefusedByTask<OperationCanceledException>(() => call(Store, _tooLong, new CancellationToken(canceled: true)));
        Assert.Equal(0, Subject.Engine?.Statistics.Locks ?? 0);
    }

    [Theory]
    [MemberData(nameof(Members.KeylessAsyncNames), MemberType = typeof(Members))]
    public async Task A_cancelled_call_without_a_key_has_no_effect(string member)
    {
        Func<IStore, CancellationToken, Task> call = Members.KeylessAsync[member];
        if (Undeclared(member, store => call(store, default)))
        {
            return;
        }

        Fill();
        await RefusedByTask<OperationCanceledException>(() => call(Store, new CancellationToken(canceled: true)));
    }

    private void RefusesKeys(Action<string> call)
    {
        Fill();
        Refused<ArgumentNullException>(() => call(null!), parameter: "key");
        Refused<ArgumentException>(() => call(""), "key cannot be empty", "key");
        Refused<ArgumentException>(() => call("\ud800"), "unpaired surrogate", "key");
        Refused<ArgumentException>(() => call("a\udc00b"), "unpaired surrogate", "key");
        Refused<ArgumentException>(() => call(new string('k', 300) + "\ud83d"), "unpaired surrogate", "key");
    }

    private bool Undeclared(string member, Action<IStore> call) => Lacks(Members.FeatureOf(member), () => call(Store));

    private void Fill()
    {
        Store.Set("k", "1"u8, TimeSpan.FromMinutes(1));
        Store.Set("other", "text");
    }
}
