"""What any device has: identity, states, errors, byte pipes, waits."""
