namespace Larder.Tests.Concurrency;

/// <summary>Versions are commit sequences, so they order the writes of all keys: a write that began after another had ended has the larger one.</summary>
internal static class VersionOrder
{
    public static string? Violation(List<Call> history)
    {
        Call[] writes = [.. history.Where(ShowsNewVersion)];
        foreach (Call earlier in history.Where(call => call.Version > 0))
        {
            foreach (Call later in writes)
            {
                if (earlier.Returned < later.Called && earlier.Version >= later.Version)
                {
                    return $"the versions of these are not in the order of the calls:\n{earlier}\n{later}";
                }
            }
        }

        return writes.Select(write => write.Version).Distinct().Count() == writes.Length
            ? null
            : $"two writes have the same version:\n{string.Join('\n', writes)}";
    }

    private static bool ShowsNewVersion(Call call) => call.Version > 0 && call.Kind switch
    {
        CallKind.Set => true,
        CallKind.Add or CallKind.Update => call.Answer,
        CallKind.Load => call.Ran,
        _ => false,
    };
}
