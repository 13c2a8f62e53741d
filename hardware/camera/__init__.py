"""Cameras, and the reading of codes in their frames."""
