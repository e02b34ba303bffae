using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;

namespace Larder.Cli.Commands;

/// <summary>The value that set and add take, as text or, for bytes, in base64.</summary>
internal sealed class ValueArgument
{
    private readonly Argument<string> _value = new("VALUE") { Description = "The value, stored as text" };
    private readonly Option<bool> _base64 = new("--base64") { Description = "VALUE is base64 and stored as bytes" };

    public void AddTo(Command command)
    {
        command.Add(_value);
        command.Add(_base64);
        command.Validators.Add(Check);
    }

    public (byte[] Bytes, ValueKind Kind) Read(ParseResult parsed)
    {
        string value = parsed.GetRequiredValue(_value);
        return parsed.GetValue(_base64)
            ? (Convert.FromBase64String(value), ValueKind.Bytes)
            : (Encoding.UTF8.GetBytes(value), ValueKind.Text);
    }

    private void Check(CommandResult result)
    {
        if (result.GetValue(_base64) && !Convert.TryFromBase64String(result.GetValue(_value) ?? "", new byte[result.GetValue(_value)?.Length ?? 0], out _))
        {
            result.AddError("VALUE is no base64.");
        }
    }
}

/// <summary><c>set KEY VALUE</c>, unconditional or as a compare-and-set.</summary>
internal sealed class SetCommand : StoreCommand
{
    private readonly KeyArgument _key = new();
    private readonly ValueArgument _value = new();
    private readonly ExpiryOption _expiry = new();
    private readonly NumberOption _ifVersion = new("--if-version", 0) { Description = "Only if the key has this version; 0 means absent", HelpName = "N" };

    public SetCommand()
        : base("set", "Set a key to a value")
    {
        Add(_key);
        _value.AddTo(this);
        Add(_expiry);
        Add(_ifVersion);
    }

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        (byte[] bytes, ValueKind kind) = _value.Read(parsed);
        var batch = new WriteBatch();
        if (parsed.GetResult(_ifVersion) is not null)
        {
            batch.Require(key, parsed.GetValue(_ifVersion));
        }

        WriteResult written = context.Store.Write(batch.Set(key, bytes, parsed.GetValue(_expiry), kind));
        return written ? Written.Answer(context, "set", key, bytes.Length) : Written.Refuse(context, key, written.Version);
    }
}

/// <summary><c>add KEY VALUE</c>: refused when the key is there.</summary>
internal sealed class AddCommand : StoreCommand
{
    private readonly KeyArgument _key = new();
    private readonly ValueArgument _value = new();
    private readonly ExpiryOption _expiry = new();

    public AddCommand()
        : base("add", "Set a key that is absent")
    {
        Add(_key);
        _value.AddTo(this);
        Add(_expiry);
    }

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        (byte[] bytes, ValueKind kind) = _value.Read(parsed);
        WriteResult added = context.Store.Write(new WriteBatch().Require(key, 0).Set(key, bytes, parsed.GetValue(_expiry), kind));
        return added ? Written.Answer(context, "added", key, bytes.Length) : Written.Refuse(context, key, added.Version);
    }
}

/// <summary><c>remove KEY</c>.</summary>
internal sealed class RemoveCommand : StoreCommand
{
    private readonly KeyArgument _key = new();
    private readonly NumberOption _ifVersion = new("--if-version", 1) { Description = "Only if the key has this version", HelpName = "N" };

    public RemoveCommand()
        : base("remove", "Remove a key and its history")
    {
        Add(_key);
        Add(_ifVersion);
    }

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        bool removed = parsed.GetResult(_ifVersion) is null ? context.Store.Remove(key) : context.Store.Remove(key, parsed.GetValue(_ifVersion));
        if (removed)
        {
            return context.Answer(new { key, applied = true }, $"removed '{EntryText.Escape(key)}'");
        }

        long version = context.VersionOf(key);
        return version == 0 ? context.NotFound(key) : Written.Refuse(context, key, version);
    }
}

/// <summary><c>incr KEY [--by N]</c>.</summary>
internal sealed class IncrementCommand : StoreCommand
{
    private readonly KeyArgument _key = new();
    private readonly NumberOption _by = new("--by", byDefault: 1) { Description = "How much to add", HelpName = "N" };
    private readonly ExpiryOption _expiry = new();

    public IncrementCommand()
        : base("incr", "Add to a counter and print the sum")
    {
        Add(_key);
        Add(_by);
        Add(_expiry);
    }

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        long sum = context.Store.Increment(key, parsed.GetValue(_by), parsed.GetValue(_expiry));
        long version = context.VersionOf(key);
        return context.Answer(new { key, value = sum, version }, $"'{EntryText.Escape(key)}' is {sum}, version {version}");
    }
}

/// <summary><c>touch KEY --expiry WHEN</c>.</summary>
internal sealed class TouchCommand : StoreCommand
{
    private readonly KeyArgument _key = new();
    private readonly ExpiryOption _expiry = new() { Required = true };

    public TouchCommand()
        : base("touch", "Give a key a new deadline and leave its value alone")
    {
        Add(_key);
        Add(_expiry);
    }

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        return context.Store.Touch(key, parsed.GetValue(_expiry)) ? Written.Answer(context, "touched", key) : context.NotFound(key);
    }
}

/// <summary><c>erase KEY</c>: a remove that leaves nothing behind in the files.</summary>
internal sealed class EraseCommand : StoreCommand
{
    private readonly KeyArgument _key = new();

    public EraseCommand()
        : base("erase", "Remove a key and every trace of it in the files of the store") => Add(_key);

    public override bool Writes => true;

    protected override int Run(CommandContext context, ParseResult parsed)
    {
        string key = parsed.GetRequiredValue(_key);
        if (!context.Store.Erase(key))
        {
            return context.No(new { key, erased = false }, $"there is no key '{EntryText.Escape(key)}'; what the files still held of an earlier one is gone now.");
        }

        string beyond = context.Open.Durability == DurabilityMode.Memory ? "" : "; backups, and blocks that the drive has set aside, are out of reach";
        return context.Answer(new { key, erased = true }, $"erased '{EntryText.Escape(key)}'{beyond}");
    }
}
