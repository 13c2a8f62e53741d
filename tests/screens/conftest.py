"""Hands in these tests are quicker than any person's."""

import pytest

from common.ui import window


@pytest.fixture(autouse=True)
def quick_hands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a touch count at once on the next screen, but where double taps are looked into."""
    if not request.path.stem.startswith("test_ui_"):
        monkeypatch.setattr(window, "DOUBLE_MS", 0)
