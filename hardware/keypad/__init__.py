"""Keypads: a few keys that can be felt, and the plug of earphones."""
