"""What the hall sees; landscape."""

from pathlib import Path

SIZE = (1920, 1080)
PUBLIC = False
HERE = Path(__file__).parent
