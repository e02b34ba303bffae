using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Larder.Sessions;

namespace Larder;

/// <summary>
/// Text under keys, shared by everybody who has the store: what server scripts know as local storage. A view that costs nothing to make and
/// needs no disposing; as durable as its store, and closed with it.
/// </summary>
/// <remarks>
/// <para>Keys are compared ordinally; the empty key is a key. What was never set, was removed or has expired reads as null; an empty string
/// is a value. Every member takes effect at one moment. Its keys stand in the store under <c>ls::</c>, two faces over one store are one
/// storage, and a scope has a storage of its own.</para>
/// <para>Errors, in this order: arguments, closed (<see cref="ObjectDisposedException"/>), cancelled, limits
/// (<see cref="StoreLimitException"/>: a key or a value beyond what the store takes), full (<see cref="StoreFullException"/>). A call that
/// throws has changed nothing. Async members behave as their twins; argument errors are thrown at the call.</para>
/// </remarks>
public sealed class LocalStorage
{
    /// <summary>Part of what durable stores hold: docs/guide/sessions.md.</summary>
    private const string Prefix = "ls:";

    private readonly IStore _entries;

    /// <summary>A view on <paramref name="store"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public LocalStorage(IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _entries = store.Scope(Prefix);
    }

    /// <summary>The text under a key; null when it is absent. A counter reads as its digits.</summary>
    /// <exception cref="ValueKindException">The value is bytes or an object: <see cref="SetBytes"/>, <see cref="SetObject"/>.</exception>
    public string? Get(string key) => StoreCalls.Result(GetAsync(Blocking, Names.Key(key)));

    /// <inheritdoc cref="Get"/>
    public ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken = default) => GetAsync(Awaited(cancellationToken), Names.Key(key));

    /// <summary>Whether a key holds anything, be it empty.</summary>
    public bool Exists(string key) => StoreCalls.Result(FindAsync(Blocking, Names.Key(key))) is not null;

    /// <inheritdoc cref="Exists"/>
    public ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken = default)
    {
        return HasValue(FindAsync(Awaited(cancellationToken), Names.Key(key)));

        static async ValueTask<bool> HasValue(ValueTask<Entry?> find) => await find.ConfigureAwait(false) is not null;
    }

    /// <summary>Sets a key, and replaces its deadline as well. With an expiry of zero or in the past the key is absent afterwards.</summary>
    /// <exception cref="ArgumentException">The value holds an unpaired surrogate, which has no UTF-8 form.</exception>
    public void Set(string key, string value, Expiry expiry = default) => StoreCalls.Result(WriteAsync(Blocking, Names.Key(key), Names.Text(value), expiry, ValueKind.Text));

    /// <inheritdoc cref="Set"/>
    public ValueTask SetAsync(string key, string value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        Done(WriteAsync(Awaited(cancellationToken), Names.Key(key), Names.Text(value), expiry, ValueKind.Text));

    /// <summary>Removes a key; false when there was nothing.</summary>
    public bool Remove(string key) => StoreCalls.Result(RemoveAsync(Blocking, Names.Key(key)));

    /// <inheritdoc cref="Remove"/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => RemoveAsync(Awaited(cancellationToken), Names.Key(key));

    /// <summary>Removes everything in this storage at one moment, and nothing else in the store.</summary>
    public void Clear() => _entries.Clear();

    /// <inheritdoc cref="Clear"/>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => _entries.ClearAsync(cancellationToken);

    /// <summary>The keys there are at this moment, in the order of their UTF-8 bytes.</summary>
    public IReadOnlyList<string> Keys() => StoreCalls.Result(KeysAsync(Blocking));

    /// <inheritdoc cref="Keys"/>
    public ValueTask<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken = default) => KeysAsync(Awaited(cancellationToken));

    /// <summary>Copies the bytes of a value, whatever kind it is of; false and nothing written when it is absent.</summary>
    public bool TryGetBytes(string key, IBufferWriter<byte> target) => StoreCalls.Result(CopyAsync(Blocking, Names.Key(key), NotNull(target)));

    /// <inheritdoc cref="TryGetBytes"/>
    public ValueTask<bool> TryGetBytesAsync(string key, IBufferWriter<byte> target, CancellationToken cancellationToken = default) =>
        CopyAsync(Awaited(cancellationToken), Names.Key(key), NotNull(target));

    /// <summary>Sets a key to a copy of bytes, and replaces its deadline as well.</summary>
    public void SetBytes(string key, ReadOnlySpan<byte> value, Expiry expiry = default) =>
        StoreCalls.Result(WriteAsync(Blocking, Names.Key(key), value.ToArray(), expiry, ValueKind.Bytes));

    /// <inheritdoc cref="SetBytes"/>
    public ValueTask SetBytesAsync(string key, ReadOnlySpan<byte> value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        Done(WriteAsync(Awaited(cancellationToken), Names.Key(key), value.ToArray(), expiry, ValueKind.Bytes));

    /// <summary>Sets a key to a structured value, encoded by <see cref="ScriptCodec"/>.</summary>
    /// <exception cref="ArgumentException">The value is nested deeper than <see cref="ScriptCodec.MaxDepth"/>.</exception>
    public void SetObject(string key, ScriptValue value, Expiry expiry = default) =>
        StoreCalls.Result(WriteAsync(Blocking, Names.Key(key), ScriptCodec.Encode(value), expiry, ValueKind.Bytes));

    /// <inheritdoc cref="SetObject"/>
    public ValueTask SetObjectAsync(string key, ScriptValue value, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        Done(WriteAsync(Awaited(cancellationToken), Names.Key(key), ScriptCodec.Encode(value), expiry, ValueKind.Bytes));

    /// <summary>The structured value under a key; null when it is absent.</summary>
    /// <exception cref="ValueKindException">The value is text or a counter.</exception>
    /// <exception cref="FormatException">The bytes are no structured value.</exception>
    public ScriptValue? GetObject(string key) => StoreCalls.Result(DecodeAsync(Blocking, Names.Key(key)));

    /// <inheritdoc cref="GetObject"/>
    public ValueTask<ScriptValue?> GetObjectAsync(string key, CancellationToken cancellationToken = default) => DecodeAsync(Awaited(cancellationToken), Names.Key(key));

    /// <summary>
    /// Changes a value by compare-and-set, as often as it takes: <paramref name="change"/> gets the present text or null, and may run more than
    /// once. A null result removes the key; the deadline stays. Returns what was stored.
    /// </summary>
    public string? Update(string key, Func<string?, string?> change) => StoreCalls.Result(UpdateAsync(Blocking, Names.Key(key), NotNull(change)));

    /// <inheritdoc cref="Update"/>
    public ValueTask<string?> UpdateAsync(string key, Func<string?, string?> change, CancellationToken cancellationToken = default) =>
        UpdateAsync(Awaited(cancellationToken), Names.Key(key), NotNull(change));

    /// <summary>Adds to a whole number in decimal digits, and returns the sum; an absent key counts from 0. Its deadline stays.</summary>
    /// <exception cref="NotACounterException">The value is no such number.</exception>
    /// <exception cref="OverflowException">The sum does not fit into 64 bits.</exception>
    public long Increment(string key, long amount = 1) => StoreCalls.Result(Blocking.IncrementAsync(At(Names.Key(key)), key, amount));

    /// <inheritdoc cref="Increment"/>
    public ValueTask<long> IncrementAsync(string key, long amount = 1, CancellationToken cancellationToken = default) =>
        Awaited(cancellationToken).IncrementAsync(At(Names.Key(key)), key, amount);

    /// <summary>
    /// The text under a key, made by <paramref name="factory"/> and stored when it is absent. One factory runs per key at a time; the rules are
    /// those of the store's own <c>GetOrAdd</c>.
    /// </summary>
    /// <exception cref="NotSupportedException">The store cannot run one load per key.</exception>
    public string? GetOrAdd(string key, Func<string, string?> factory, Expiry expiry = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        return StoreCalls.Result(LoadAsync(Blocking, Names.Key(key), (name, _) => new(factory(name)), expiry));
    }

    /// <inheritdoc cref="GetOrAdd"/>
    public ValueTask<string?> GetOrAddAsync(
        string key, Func<string, CancellationToken, ValueTask<string?>> factory, Expiry expiry = default, CancellationToken cancellationToken = default) =>
        LoadAsync(Awaited(cancellationToken), Names.Key(key), NotNull(factory), expiry);

    private StoreCalls Blocking => new(_entries, blocks: true);

    private StoreCalls Awaited(CancellationToken cancellationToken) => new(_entries, blocks: false, cancellationToken);

    /// <summary>The place of a key below the prefix. The colon makes the empty key one like any other, also for clearing, which leaves a bare prefix.</summary>
    private static string At(string key) => ":" + key;

    private static ValueTask<Entry?> FindAsync(StoreCalls calls, string key) => calls.FindAsync(At(key), key);

    private static async ValueTask<string?> GetAsync(StoreCalls calls, string key) =>
        await FindAsync(calls, key).ConfigureAwait(false) is { } entry ? TextOf(key, entry) : null;

    private static ValueTask<bool> WriteAsync(StoreCalls calls, string key, byte[] value, Expiry expiry, ValueKind kind) =>
        calls.WriteAsync(new WriteBatch().SetOwned(At(key), value, expiry, kind), key);

    private static ValueTask<bool> RemoveAsync(StoreCalls calls, string key) => calls.RemoveAsync(At(key), key);

    private static async ValueTask<IReadOnlyList<string>> KeysAsync(StoreCalls calls) =>
        (await calls.ListAsync(At("")).ConfigureAwait(false)).ConvertAll(entry => entry.Key[At("").Length..]);

    private static async ValueTask<bool> CopyAsync(StoreCalls calls, string key, IBufferWriter<byte> target)
    {
        if (await FindAsync(calls, key).ConfigureAwait(false) is not { } entry)
        {
            return false;
        }

        target.Write(entry.Value.Span);
        return true;
    }

    private static async ValueTask<ScriptValue?> DecodeAsync(StoreCalls calls, string key) => await FindAsync(calls, key).ConfigureAwait(false) switch
    {
        null => null,
        { Kind: ValueKind.Bytes } entry => ScriptCodec.Decode(entry.Value.Span),
        { } entry => throw new ValueKindException(key, entry.Kind, typeof(ScriptValue)),
    };

    private static async ValueTask<string?> UpdateAsync(StoreCalls calls, string key, Func<string?, string?> change)
    {
        while (true)
        {
            Entry? entry = await FindAsync(calls, key).ConfigureAwait(false);
            string? next = change(entry is { } present ? TextOf(key, present) : null);
            WriteBatch batch = new WriteBatch().Require(At(key), entry?.Version ?? 0);
            if (await calls.WriteAsync(next is null ? batch.Remove(At(key)) : batch.SetOwned(At(key), Names.Text(next), Expiry.Keep, ValueKind.Text), key).ConfigureAwait(false))
            {
                return next;
            }
        }
    }

    private static async ValueTask<string?> LoadAsync(StoreCalls calls, string key, Func<string, CancellationToken, ValueTask<string?>> factory, Expiry expiry)
    {
        return await calls.LoadAsync(At(key), key, LoadedAsync, expiry).ConfigureAwait(false) is { } entry ? TextOf(key, entry) : null;

        async ValueTask<LoadedValue?> LoadedAsync(string name, CancellationToken cancellationToken) =>
            await factory(name, cancellationToken).ConfigureAwait(false) is { } made ? new LoadedValue(Names.Text(made), ValueKind.Text) : null;
    }

    private static string TextOf(string key, in Entry entry) => entry.Kind is ValueKind.Text or ValueKind.Counter
        ? Encoding.UTF8.GetString(entry.Value.Span)
        : throw new ValueKindException(key, entry.Kind, typeof(string));

    private static async ValueTask Done(ValueTask<bool> write) => await write.ConfigureAwait(false);

    private static T NotNull<T>(T argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, parameter);
        return argument;
    }
}
