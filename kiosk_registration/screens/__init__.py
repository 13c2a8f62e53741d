"""What a visitor to the registration kiosk meets (portrait), and to the bench (landscape)."""

from pathlib import Path

SIZE = (1080, 1920)
BENCH_SIZE = (1280, 800)
HERE = Path(__file__).parent
