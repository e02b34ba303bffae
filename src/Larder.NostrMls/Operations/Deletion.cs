using System.Collections.Immutable;
using Larder.NostrMls.State;

namespace Larder.NostrMls.Operations;

/// <summary>Deleting a group with everything that belongs to it, also what is no part of its aggregate.</summary>
internal static class Deletion
{
    internal static void OfGroup(Draft draft, MlsGroupId group)
    {
        if (draft.State.Groups.Find(group) is { } node)
        {
            draft.RemoveGroup(node);
        }

        foreach (WelcomeNode welcome in draft.State.WelcomesOf(group))
        {
            draft.RemoveWelcome(welcome);
        }

        foreach (EventId wrapperId in draft.State.ProcessedWelcomesOf(group).ToImmutableArray())
        {
            draft.RemoveProcessedWelcome(wrapperId);
        }

        ProcessedOperations.RemoveAll(draft, group);
    }
}
