namespace Larder.AspNetCore;

/// <summary>What happens to a request that the guard cannot decide about. The failure is logged as an error either way.</summary>
public enum WhenStoreFails
{
    /// <summary>It is answered with 503: who is banned stays outside, and so does everybody else until the store works again.</summary>
    Refuse = 0,

    /// <summary>It passes unguarded: the application goes on, without limits, bans and inspection until the store works again.</summary>
    Allow = 1,
}
