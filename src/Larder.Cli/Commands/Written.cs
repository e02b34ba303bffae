namespace Larder.Cli.Commands;

/// <summary>What a write that took place, or that was refused, answers.</summary>
internal static class Written
{
    public static int Answer(CommandContext context, string verb, string key, long? bytes = null)
    {
        if (!context.Store.TryGet(key, out Entry entry))
        {
            return context.Answer(
                new { key, applied = true, version = 0, expiresAt = (DateTimeOffset?)null },
                $"{verb} '{EntryText.Escape(key)}', which had expired at once and is gone");
        }

        string size = bytes is { } length ? $" ({length:N0} bytes)" : "";
        return context.Answer(
            new { key, applied = true, version = entry.Version, expiresAt = entry.ExpiresAt },
            $"{verb} '{EntryText.Escape(key)}'{size}, version {entry.Version}{EntryText.Deadline(entry.ExpiresAt)}");
    }

    public static int Refuse(CommandContext context, string key, long version) =>
        context.No(
            new { key, applied = false, version },
            version == 0
                ? $"refused, because '{EntryText.Escape(key)}' is absent; nothing changed."
                : $"refused, because '{EntryText.Escape(key)}' has version {version}; nothing changed.");
}
