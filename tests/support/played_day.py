"""A whole day that `smartics office --auto` plays: real programs in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def played_day(out: Path, folder: Path, *options: str, applicants: int) -> dict[str, Any]:
    """Play a day that has to end well; return its summary.

    Args:
        out: Where the pictures and the summary go.
        folder: Where the office stands.
        options: More of the command's, such as --by-proxy.
        applicants: How many people come.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "office", "office", "--auto", "--applicants", str(applicants)),
            *("--out", str(out), "--folder", str(folder), *options),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    return summary
