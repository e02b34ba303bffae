using System.Globalization;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Durability;

/// <summary>
/// The keys of records in the store: generation, family, and the number or id that tells them apart, in digits of fixed width. All records of a store are of one generation;
/// writing all of them anew makes the next one, which counts from the moment at which the head names it.
/// </summary>
internal static class RecordNames
{
    /// <summary>Names the generation.</summary>
    internal const string Head = "head";

    /// <summary>There while files may hold secrets that have ended.</summary>
    internal const string ErasureIsDue = "erasure-is-due";

    /// <summary>A key that never exists, erased for the sake of what was removed before.</summary>
    internal const string Nothing = "nothing";

    private const string Families = "idsmpwq";   // by family

    internal static string Prefix(long generation) => string.Create(CultureInfo.InvariantCulture, $"{generation:x8}/");

    internal static string Of(long generation, RecordKey key)
    {
        char family = Families[(int)key.Family];
        return key.Family switch
        {
            RecordFamily.Item or RecordFamily.Death or RecordFamily.Snapshot => string.Create(CultureInfo.InvariantCulture, $"{generation:x8}/{family}/{key.Number:x16}"),
            RecordFamily.Message => string.Create(CultureInfo.InvariantCulture, $"{generation:x8}/{family}/{key.Number:x16}/{key.Id.ToHex()}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{generation:x8}/{family}/{key.Id.ToHex()}"),
        };
    }

    /// <summary>What a key of a generation, without its prefix, names.</summary>
    internal static RecordKey Parse(ReadOnlySpan<char> name)
    {
        int family = name.Length > 2 && name[1] == '/' ? Families.IndexOf(name[0], StringComparison.Ordinal) : -1;
        if (family < 0)
        {
            throw Codec.RecordReader.Broken();
        }

        name = name[2..];
        return (RecordFamily)family switch
        {
            RecordFamily.Item or RecordFamily.Death or RecordFamily.Snapshot => new RecordKey((RecordFamily)family, Number(name)),
            RecordFamily.Message => new RecordKey(RecordFamily.Message, Number(name[..16]), EventId.Parse(name[17..].ToString())),
            _ => new RecordKey((RecordFamily)family, 0, EventId.Parse(name.ToString())),
        };
    }

    private static long Number(ReadOnlySpan<char> digits) => long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
