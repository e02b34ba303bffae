using Larder.Cli;

Terminal terminal = Terminal.OfProcess();
int exitCode = CommandLine.Run(args, terminal);
terminal.Out.Flush();
return exitCode;
