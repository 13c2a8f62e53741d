"""Screens that every kiosk shares."""

from pathlib import Path

HERE = Path(__file__).parent
