using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Larder.Cli.Commands;

/// <summary><c>--json</c>, on every command.</summary>
internal sealed class JsonOption : Option<bool>
{
    public const string LongName = "--json";

    public JsonOption()
        : base(LongName)
    {
        Description = "Answer in JSON; lists print one object a line";
        Recursive = true;
    }
}

/// <summary>A whole number between two bounds.</summary>
internal sealed class NumberOption : Option<long>
{
    public NumberOption(string name, long minimum = long.MinValue, long maximum = long.MaxValue, long? byDefault = null)
        : base(name)
    {
        CustomParser = result => Parse(result, minimum, maximum);
        if (byDefault is { } value)
        {
            DefaultValueFactory = _ => value;
        }
    }

    private long Parse(ArgumentResult result, long minimum, long maximum)
    {
        string text = result.Tokens[^1].Value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        string bounds = (minimum, maximum) switch
        {
            (long.MinValue, _) => "a whole number of 64 bits",
            (_, long.MaxValue) => $"a whole number from {minimum} up",
            _ => $"a whole number from {minimum} to {maximum}",
        };
        result.AddError($"{Name} takes {bounds}, not '{text}'.");
        return 0;
    }
}

/// <summary>When an entry stops being there.</summary>
internal sealed class ExpiryOption : Option<Expiry>
{
    public ExpiryOption()
        : base("--expiry")
    {
        Description = "5m, 1h30m, 250ms, a moment such as 2030-01-01T00:00:00Z, none or keep";
        HelpName = "WHEN";
        CustomParser = Parse;
    }

    private Expiry Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!ExpiryText.TryParse(text, out Expiry expiry))
        {
            result.AddError($"--expiry takes a time such as 5m or 1h30m, a moment such as 2030-01-01T00:00:00Z, none or keep, not '{text}'.");
        }

        return expiry;
    }
}

/// <summary>The key a command is about.</summary>
internal sealed class KeyArgument : Argument<string>
{
    public KeyArgument()
        : base("KEY")
    {
        Description = "The key";
        Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }, ..])
            {
                result.AddError("key cannot be empty.");
            }
        });
    }
}

/// <summary>What keys start with.</summary>
internal sealed class PrefixArgument : Argument<string>
{
    public PrefixArgument()
        : base("PREFIX")
    {
        Description = "What keys start with; all keys when left out";
        DefaultValueFactory = _ => "";
    }
}
