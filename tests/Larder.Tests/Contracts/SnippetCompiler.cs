using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Larder.Tests.Contracts;

/// <summary>
/// Compiles lines of user code against Larder with the compiler of the running SDK, all in one go, and keeps the errors of each.
/// What must not compile cannot be tested from within a program that does.
/// </summary>
public sealed partial class SnippetCompiler
{
    private readonly Dictionary<string, string> _errors = [];

    public SnippetCompiler()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("larder-snippets-");
        try
        {
            string[] snippets = [.. Snippets.MustNotCompile.Keys, .. Snippets.MustCompile];
            Compile(folder.FullName, snippets);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The ids of the errors in a snippet, in order, separated by blanks.</summary>
    internal string ErrorsOf(string snippet) => _errors[snippet];

    private void Compile(string folder, string[] snippets)
    {
        for (int i = 0; i < snippets.Length; i++)
        {
            File.WriteAllText(Path.Combine(folder, $"S{i}.cs"), Program(i, snippets[i]));
        }

        string[] options =
        [
            "-nologo", "-target:library", "-langversion:latest", "-nullable:enable", "-warn:0", "-nostdlib+", $"-out:{Path.Combine(folder, "Snippets.dll")}",
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(IsReference).Select(path => $"-reference:\"{path}\""),
            .. snippets.Select((_, i) => $"\"{Path.Combine(folder, $"S{i}.cs")}\""),
        ];
        string response = Path.Combine(folder, "compile.rsp");
        File.WriteAllLines(response, options);
        string output = Run("exec", Compiler(), "-noconfig", $"@{response}");

        ILookup<int, string> found = Diagnostic().Matches(output).ToLookup(match => int.Parse(match.Groups[1].ValueSpan, null), match => match.Groups[2].Value);
        for (int i = 0; i < snippets.Length; i++)
        {
            _errors[snippets[i]] = string.Join(' ', found[i].Distinct().Order(StringComparer.Ordinal));
        }

        // An error without a place, such as a missing reference, would let every snippet pass for refused.
        if (output.Split('\n').FirstOrDefault(line => line.Contains("error CS", StringComparison.Ordinal) && !Diagnostic().IsMatch(line)) is { } failure)
        {
            throw new InvalidOperationException(failure);
        }
    }

    private static string Program(int number, string snippet) =>
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Larder;
        static class S{{number}}
        {
            static async Task Run(IStore store, byte[] bytes, TimeSpan time)
            {
                await Task.Yield();
                {{snippet}}
            }
        }
        """;

    private static bool IsReference(string path) =>
        Path.GetFileName(path) is { } file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "Larder.dll" or "mscorlib.dll" or "netstandard.dll");

    /// <summary>The compiler that belongs to the SDK which global.json chooses.</summary>
    private static string Compiler() => Path.Combine(DotnetRoot(), "sdk", Run("--version").Trim(), "Roslyn", "bincore", "csc.dll");

    private static string DotnetRoot() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(DotnetRoot(), OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    [GeneratedRegex(@"S(\d+)\.cs\(\d+,\d+\): error (CS\d+)")]
    private static partial Regex Diagnostic();
}
