using System.Reflection;

namespace Larder.NostrMls.Tests.Model;

/// <summary>A store that does one thing wrong: it stands before a right one and spoils one of its answers.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it.")]
internal class PlantedFault : DispatchProxy
{
    private IMlsProtocolStore _inner = null!;
    private string _method = "";
    private Func<IMlsProtocolStore, object?[], object?> _spoiled = null!;

    public static IMlsProtocolStore In(IMlsProtocolStore inner, string method, Func<IMlsProtocolStore, object?[], object?> spoiled)
    {
        IMlsProtocolStore store = Create<IMlsProtocolStore, PlantedFault>();
        var fault = (PlantedFault)(object)store;
        (fault._inner, fault._method, fault._spoiled) = (inner, method, spoiled);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        try
        {
            return targetMethod!.Name == _method ? _spoiled(_inner, args!) : targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException thrown)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown.InnerException!);
            throw;
        }
    }
}

internal sealed class FaultyHost(string method, Func<IMlsProtocolStore, object?[], object?> spoiled) : IHost
{
    public bool IsPersistent => false;

    public IMlsProtocolStore Open(MlsStoreOptions options) => PlantedFault.In(new NostrMlsStore(options), method, spoiled);

    public void Dispose()
    {
    }
}
