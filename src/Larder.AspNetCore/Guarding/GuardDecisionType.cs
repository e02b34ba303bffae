namespace Larder.AspNetCore;

/// <summary>The parts of the guard as decisions name them, in the order in which they are asked.</summary>
public static class GuardDecisionType
{
    /// <summary>Bans and address lists.</summary>
    public const string IpFilter = "IP filter";

    /// <summary>Refused user agents.</summary>
    public const string UserAgentFilter = "User agent filter";

    /// <summary>Rate limits.</summary>
    public const string RateLimit = "Rate limit";

    /// <summary>Suspicious input.</summary>
    public const string PenetrationDetection = "Penetration detection";
}
