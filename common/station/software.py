"""What runs here: the version, and a hash over the program, for the backend's books.

It is what the station says of itself: it finds the wrong version, and not a thief with the key.
"""

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import common
from common.wire.trust import HelloRequest

_SUFFIXES = {".py", ".qml", ".ftl", ".json"}


@cache
def software() -> HelloRequest:
    """Return what runs here. The first call reads the program's files, some 5 MB."""
    try:
        known = version("smartics")
    except PackageNotFoundError:
        known = ""
    return HelloRequest(version=known, software=_program_hash())


def _program_hash() -> str:
    if getattr(sys, "frozen", False):
        # The bundle's one program holds every module.
        return hashlib.sha256(Path(sys.executable).read_bytes()).hexdigest()
    root = Path(common.__file__).parent.parent
    packages = sorted(folder.parent for folder in root.glob("*/__init__.py"))
    whole = hashlib.sha256()
    for package in packages:
        if package.name == "tests":
            continue
        for file in sorted(package.rglob("*")):
            if file.suffix in _SUFFIXES and file.is_file():
                whole.update(f"{file.relative_to(root).as_posix()}\0".encode())
                whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
