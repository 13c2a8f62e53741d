"""python -m tests.fuzz NAME --seconds N: libFuzzer over one parser, by way of atheris."""

import argparse
import importlib
import logging
import sys
import tempfile
from pathlib import Path

from tests.fuzz import NAMES

LONGEST_INPUT = 8192


def main() -> None:
    """Fuzz until the time is up; what breaks the parser is left in a file that is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="a folder that grows; by default forgotten")
    chosen = parser.parse_args()
    import atheris  # type: ignore[import-untyped] # noqa: PLC0415 (only this command needs it)

    with atheris.instrument_imports(include=["hardware", "common"]):
        target = importlib.import_module(f"tests.fuzz.{chosen.name}")
    logging.disable(logging.CRITICAL)  # what is told of each input would drown the rest
    with tempfile.TemporaryDirectory() as folder:
        corpus = chosen.corpus or Path(folder)
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(target.seeds()):
            (corpus / f"seed-{number:03}").write_bytes(seed)
        options = [
            f"-max_total_time={chosen.seconds}",
            f"-max_len={LONGEST_INPUT}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            f"-artifact_prefix={tempfile.gettempdir()}/smartics-{chosen.name}-",
        ]
        atheris.Setup([sys.argv[0], *options, str(corpus)], target.fuzz_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
