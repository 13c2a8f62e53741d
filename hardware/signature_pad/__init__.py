"""Pads on which a person signs."""
