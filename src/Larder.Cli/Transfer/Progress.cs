using Spectre.Console;

namespace Larder.Cli.Transfer;

/// <summary>A progress bar around work that counts, on a terminal; elsewhere just the work.</summary>
internal static class Progress
{
    /// <summary>Runs <paramref name="work"/>, which reports how far it is as often as it likes.</summary>
    public static void Run(Terminal terminal, string title, long total, Action<Action<long>> work)
    {
        if (!terminal.Styled)
        {
            work(_ => { });
            return;
        }

        terminal.Canvas().Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title, maxValue: Math.Max(1, total));
                work(done => task.Value = done);
            });
    }
}
