// Buffers on the stack are always written before they are read: clearing them first would cost more than the rest of a look-up.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
