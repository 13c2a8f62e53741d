"""Card readers and dispensers, APDUs, and the identity chip's files."""
