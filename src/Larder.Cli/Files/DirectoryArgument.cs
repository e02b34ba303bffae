using System.CommandLine;

namespace Larder.Cli.Files;

/// <summary>A directory on the command line.</summary>
internal sealed class DirectoryArgument : Argument<string>
{
    public DirectoryArgument(string name, string description)
        : base(name)
    {
        Description = description;
        Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError($"{name} takes a directory.");
            }
        });
    }
}
