"""Builds the bundle, starts every program, plays an applicant, and says the bundle's size.

    python installers/build.py [FOLDER]

FOLDER (default dist) gets smartics/ with all programs in one folder and one Qt.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from office.layout import lay_out
from office.office import Office

ROOT = Path(__file__).parents[1]
WITH_SYMBOLS = ("libpython3*.so*", "sqlcipher3/*.so")
"""Libraries that come with their symbols. Others must stay whole: NumPy's break when stripped."""


def build(target: Path) -> Path:
    """Run PyInstaller and return the bundle's folder."""
    with TemporaryDirectory() as scratch:
        subprocess.run(  # noqa: S603 (our own specification)
            [
                *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
                *("--distpath", str(target), "--workpath", scratch),
                str(ROOT / "installers" / "suite.spec"),
            ],
            cwd=ROOT,
            check=True,
        )
    return target / "smartics"


def strip_symbols(bundle: Path) -> None:
    """Take out symbols that only a debugger reads, where there is a tool for it."""
    tool = shutil.which("strip")
    if tool is None:
        return
    for pattern in WITH_SYMBOLS:
        for library in (bundle / "_internal").glob(pattern):
            subprocess.run([tool, "--strip-unneeded", str(library)], check=True)  # noqa: S603


def try_out(bundle: Path) -> list[str]:
    """Start a whole office from the bundle; return the names of the programs that served."""
    with TemporaryDirectory() as folder:
        office = Office(lay_out(Path(folder)), windows=False, launcher=[str(bundle / "smartics")])
        try:
            office.start()
            return list(office.processes.programs)
        finally:
            office.stop()


def play(bundle: Path) -> None:
    """Play one applicant through the bundle: what is imported only at work is missed here."""
    with TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603 (what we just built)
            [
                *(str(bundle / "smartics"), "office", "--auto", "--applicants", "1"),
                *("--folder", f"{folder}/office", "--out", f"{folder}/out"),
            ],
            cwd=folder,
            check=True,
        )


def size_mb(bundle: Path) -> float:
    """The bundle's size in megabytes (10^6 bytes); a link counts nothing."""
    files = (file for file in bundle.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    """Build, try out, report."""
    bundle = build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve())
    strip_symbols(bundle)
    for name in try_out(bundle):
        print(f"started from the bundle: {name}")
    play(bundle)
    print(f"{bundle}: {size_mb(bundle):.0f} MB")


if __name__ == "__main__":
    main()
