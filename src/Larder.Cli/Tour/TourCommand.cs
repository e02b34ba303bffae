using System.CommandLine;
namespace Larder.Cli.Tour;
internal sealed class TourCommand : Command { public TourCommand(Terminal terminal) : base("tour", "x") { } }
