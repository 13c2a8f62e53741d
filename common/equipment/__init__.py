"""Devices in domain words: read a card, check a finger, release a card."""
