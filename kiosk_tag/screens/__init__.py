"""What a visitor to the tag kiosk meets; portrait."""

from pathlib import Path

SIZE = (1080, 1920)
HERE = Path(__file__).parent
