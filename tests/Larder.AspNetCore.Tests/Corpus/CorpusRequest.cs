namespace Larder.AspNetCore.Tests.Corpus;

/// <summary>A request of the corpus as it goes over the wire.</summary>
internal sealed record CorpusRequest(int Line, string Chapter, string Remark, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The requests of a file beside this one.</summary>
    internal static List<CorpusRequest> Read(string file)
    {
        string path = Path.Combine(Larder.Tests.Shape.Source.Root, "tests", "Larder.AspNetCore.Tests", "Corpus", file);
        var clients = new Dictionary<string, IReadOnlyList<(string, string)>>();
        var requests = new List<CorpusRequest>();
        (string chapter, string remark) = ("", "");
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                chapter = lines[i][3..];
            }
            else if (lines[i].StartsWith('#'))
            {
                remark = lines[i][1..].Trim();
            }
            else if (lines[i].StartsWith('@'))
            {
                clients.Add(lines[i], ReadHeaders(lines, ref i));
            }
            else if (lines[i].Length > 0)
            {
                int line = i;
                string[] parts = lines[i].Split(' ');
                IReadOnlyList<(string Name, string)> own = ReadHeaders(lines, ref i);
                IEnumerable<(string, string)> shared = (parts.Length == 3 ? clients[parts[2]] : []).Where(one => !own.Any(header => header.Name.Equals(one.Item1, StringComparison.OrdinalIgnoreCase)));
                requests.Add(new CorpusRequest(line + 1, chapter, remark, parts[0], parts[1], [.. shared, .. own]));
                remark = "";
            }
        }

        return requests;
    }

    /// <summary>The request in bytes, for a connection that stays open.</summary>
    internal string OnTheWire()
    {
        string host = Headers.Any(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) ? "" : "Host: www.example.com\r\n";
        return $"{Method} {Target} HTTP/1.1\r\n{host}{string.Concat(Headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
    }

    public override string ToString() => $"line {Line}: {Method} {Target}";

    /// <summary>The lines up to the next empty one.</summary>
    private static List<(string Name, string Value)> ReadHeaders(string[] lines, ref int i)
    {
        var headers = new List<(string, string)>();
        for (i++; i < lines.Length && lines[i].Length > 0; i++)
        {
            int colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            headers.Add((lines[i][..colon], lines[i][(colon + 1)..].Trim()));
        }

        return headers;
    }
}
