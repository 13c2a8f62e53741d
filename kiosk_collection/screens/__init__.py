"""What a visitor to the collection kiosk meets, and staff behind their corner; portrait."""

from pathlib import Path

SIZE = (1080, 1920)
HERE = Path(__file__).parent
