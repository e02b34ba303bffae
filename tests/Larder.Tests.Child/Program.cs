using Larder.Tests.Child;

// The first word says what to do; the others say with what. Whatever happens is told through standard output, and the end of standard
// input ends a child that waits.
string command = args[0];
var arguments = new Arguments(args[1..]);
var pipe = new Pipe();
switch (command)
{
    case "write":
        return Writers.Run(arguments, pipe);
    case "hold":
        return Holder.Run(arguments, pipe);
    case "fill":
        return Filler.Run(arguments, pipe);
    case "churn":
        return Churner.Run(arguments);
    case "session":
        return Visits.Run(arguments, pipe);
    default:
        Console.Error.WriteLine($"there is no command '{command}'");
        return 2;
}
