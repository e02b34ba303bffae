using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary><c>stats</c>.</summary>
internal sealed class StatisticsCommand() : StoreCommand("stats", "Print the figures of the store")
{
    protected override int Run(CommandContext context, ParseResult parsed)
    {
        StoreStatistics figures = context.Store.Statistics;
        OpenStore open = context.Open;

        // Beside an owner only the owner knows the mode.
        string? durability = open.IsReadOnly ? null : DurabilityOption.NameOf(open.Durability);
        var answer = new
        {
            figures.Entries,
            figures.Bytes,
            figures.Hits,
            figures.Misses,
            figures.Evictions,
            figures.Expirations,
            figures.LastSequence,
            figures.Scans,
            figures.Watchers,
            figures.Locks,
            durability,
            open.IsReadOnly,
            figures.DurableSequence,
            figures.DiskBytes,
            figures.Fault,
        };
        return context.Answer(answer, $"""
            entries      {figures.Entries,12:N0}
            bytes        {figures.Bytes,12:N0}   key + value + 64 for every kept version
            hits         {figures.Hits,12:N0}
            misses       {figures.Misses,12:N0}
            evictions    {figures.Evictions,12:N0}
            expirations  {figures.Expirations,12:N0}
            commits      {figures.LastSequence,12:N0}
            durability   {durability ?? "read only",12}{(open.IsReadOnly ? "   beside the owner, if there is one" : "")}{OnDisk(open, figures)}
            """);
    }

    private static string OnDisk(OpenStore open, StoreStatistics figures) =>
        open.Durability == DurabilityMode.Memory
            ? ""
            : $"""

               durable      {figures.DurableSequence,12:N0}   up to this commit
               disk         {figures.DiskBytes,12:N0}   bytes of the files, what is allocated ahead included
               fault        {figures.Fault ?? "none",12}
               """;
}
