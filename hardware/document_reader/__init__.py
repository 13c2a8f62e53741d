"""Readers of the machine-readable zone of identity cards and passports."""
