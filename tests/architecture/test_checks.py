"""The checks that hold from the first commit: imports, types, lint, format, names, borders."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import FOLDER, texts

ROOT = Path(__file__).parents[2]
PACKAGES = [
    "backend",
    "booth",
    "common",
    "hardware",
    "kiosk_collection",
    "kiosk_registration",
    "kiosk_tag",
    "office",
]


def passes(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_follow_the_plan():
    passes("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


@pytest.mark.timeout(600)
def test_types_hold():
    passes("-m", "mypy")


def test_lint_is_clean():
    passes("-m", "ruff", "check", ".")


def test_format_is_clean():
    passes("-m", "ruff", "format", "--check", ".")


@pytest.mark.parametrize("name", PACKAGES)
def test_no_installed_package_shadows_ours(name):
    assert Path(str(importlib.import_module(name).__file__)).is_relative_to(ROOT)


def keys(language: Language) -> dict[str, set[str]]:
    """Every key of a language, with the names of the values that its sentence takes."""
    found: dict[str, set[str]] = {}
    for file in (FOLDER / language).glob("*.ftl"):
        key = ""
        for line in file.read_text("utf-8").splitlines():
            if start := re.match(r"([A-Za-z][\w-]*)\s*=", line):
                key = start[1]
                assert key not in found, f"{key} twice in {language}"
                found[key] = set()
            if key:
                found[key] |= set(re.findall(r"\$([A-Za-z][\w-]*)", line))
    return found


def test_every_text_exists_in_every_language_and_takes_the_same_values():
    first, *others = OFFICE_LANGUAGES
    for other in others:
        assert keys(first) == keys(other)


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_text_can_be_said(language):
    for key, values in keys(language).items():
        assert texts(language).text(key, **dict.fromkeys(values, 3)).strip()


def test_only_the_agreed_folders_hold_code():
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {Path(name).parts[0] for name in tracked} <= {*PACKAGES, "installers", "tests"}
