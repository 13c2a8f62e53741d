"""A whole office on one machine, journeys through it, and the smartics command."""
