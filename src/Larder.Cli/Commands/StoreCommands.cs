using System.CommandLine;
using System.CommandLine.Help;
using Larder.Cli.Transfer;

namespace Larder.Cli.Commands;

/// <summary>The commands on a store, as one tree over one source.</summary>
internal static class StoreCommands
{
    public static Command Tree(string about, Terminal terminal, IStoreSource source)
    {
        var root = new Command("larder", about) { new JsonOption(), new HelpOption() };
        StoreCommand[] commands =
        [
            new GetCommand(), new SetCommand(), new AddCommand(), new RemoveCommand(), new EraseCommand(), new IncrementCommand(), new TouchCommand(),
            new ExistsCommand(), new ScanCommand(), new HistoryCommand(), new CountCommand(), new StatisticsCommand(),
            new ImportCommand(), new ImportCacheRoCommand(), new ExportCommand(),
        ];
        foreach (StoreCommand command in commands)
        {
            root.Add(command.On(source, terminal));
        }

        return root;
    }
}
