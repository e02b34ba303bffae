using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Larder.NostrMls.Values;

namespace Larder.NostrMls;

/// <summary>The tags of an event: an immutable list of immutable lists of strings. In JSON an array of arrays of strings; <see cref="ToString"/> shows only how many there are.</summary>
[DebuggerDisplay("Tags({Count})")]
[JsonConverter(typeof(TagsJson))]
public sealed class Tags : IReadOnlyList<ImmutableArray<string>>, IEquatable<Tags>
{
    private readonly ImmutableArray<ImmutableArray<string>> _tags;

    /// <summary>Copies the tags.</summary>
    /// <exception cref="ArgumentException">A tag, or a string in one, is null.</exception>
    public Tags(IEnumerable<IEnumerable<string>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        _tags = [.. tags.Select(tag => tag?.ToImmutableArray() ?? throw new ArgumentException("a tag is null.", nameof(tags)))];
        if (_tags.Any(tag => tag.Contains(null!)))
        {
            throw new ArgumentException("a tag holds null.", nameof(tags));
        }
    }

    /// <summary>No tags.</summary>
    public static Tags Empty { get; } = new([]);

    /// <summary>How many tags there are.</summary>
    public int Count => _tags.Length;

    /// <summary>One tag: its name and what follows.</summary>
    public ImmutableArray<string> this[int index] => _tags[index];

    /// <summary>The tags as compact JSON.</summary>
    public string ToJson() => CompactJson.TextOf(this);

    /// <summary>Whether both hold the same strings in the same places.</summary>
    public bool Equals(Tags? other) =>
        other is not null && _tags.Length == other._tags.Length && _tags.Zip(other._tags).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Tags);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ImmutableArray<string> tag in _tags)
        {
            hash.Add(tag.Length);
            hash.Add(tag.IsEmpty ? "" : tag[0]);
        }

        return hash.ToHashCode();
    }

    /// <summary>The tags in order.</summary>
    public ImmutableArray<ImmutableArray<string>>.Enumerator GetEnumerator() => _tags.GetEnumerator();

    /// <summary>How many there are, and nothing of what they say.</summary>
    public override string ToString() => $"Tags({Count})";

    IEnumerator<ImmutableArray<string>> IEnumerable<ImmutableArray<string>>.GetEnumerator() => _tags.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _tags.AsEnumerable().GetEnumerator();
}
