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

        Bar(terminal, [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()]).Start(context =>
        {
            ProgressTask task = context.AddTask(title, maxValue: Math.Max(1, total));
            work(done => task.Value = done);
        });
    }

    /// <summary>Runs work that reports the share that is done, from 0 to 1.</summary>
    public static T Run<T>(Terminal terminal, string title, Func<IProgress<double>, T> work)
    {
        const int Steps = 10_000;
        T? result = default;
        Run(terminal, title, Steps, progress => result = work(new Share(done => progress((long)(done * Steps)))));
        return result!;
    }

    /// <summary>Runs work that cannot tell how far it is.</summary>
    public static T Run<T>(Terminal terminal, string title, Func<T> work)
    {
        if (!terminal.Styled)
        {
            return work();
        }

        return Bar(terminal, [new TaskDescriptionColumn(), new SpinnerColumn(), new ElapsedTimeColumn()]).Start(context =>
        {
            context.AddTask(title).IsIndeterminate();
            return work();
        });
    }

    private static Spectre.Console.Progress Bar(Terminal terminal, ProgressColumn[] columns) =>
        terminal.Canvas().Progress().AutoClear(true).HideCompleted(false).Columns(columns);

    /// <summary>Hands on what is reported where it is reported; the platform's own would post it to another thread.</summary>
    private sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
