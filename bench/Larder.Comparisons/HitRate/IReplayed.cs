namespace Larder.Comparisons.HitRate;

/// <summary>A cache under replay. One access is what an application does: look the key up, and put it in when it is not there.</summary>
internal interface IReplayed : IDisposable
{
    /// <summary>Whether the key was found.</summary>
    bool Access(int key);
}
