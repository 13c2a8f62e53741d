"""Every public screen in each language, by ear: nothing visible is unspoken, all is in reach."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise

import pytest
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import texts
from common.ui.controls import Part
from common.ui.gallery import Preview, previews
from common.ui.speech.narrator import Narrator
from common.ui.speech.spelling import DOTS
from common.ui.speech.stops import Stop, StopKind, identity
from common.ui.speech.wording import key_name, option_pieces, stop_pieces
from common.ui.window import StationWindow
from tests.support.ears import Listener, listening
from tests.support.qt import station_window

PUBLIC = [
    preview
    for preview in previews()
    if preview.public and not preview.screen_file.startswith("staff")
]
SIGNS = re.compile(r"[\W_]+")
KEY = re.compile(r"\b(common|tag|registration|bench|collection|papers)-[a-z]")


@pytest.fixture(scope="module")
def ears(qapp) -> Iterator[dict[tuple[int, int], Listener]]:
    with ExitStack() as stack:
        found = {}
        for size in {preview.size for preview in PUBLIC}:
            window = stack.enter_context(station_window(size))
            found[size] = stack.enter_context(listening(window))
        yield found


def visible(item: QQuickItem) -> Iterator[str]:
    """Every word that is painted."""
    if not item.isVisible() or item.opacity() == 0:
        return
    if item.inherits("QQuickText") and item.property("text"):
        yield str(item.property("text"))
    for child in item.childItems():
        yield from visible(child)


def spoken(narrator: Narrator, parts: list[Part], found: list[Stop]) -> list[str]:
    """All that a person hears who listens to the page and goes through every stop and key."""
    words, language = narrator.words, narrator.window.language
    said = [" ".join(pieces) for pieces in narrator.page(parts)]
    for number, stop in enumerate(found):
        place = (number + 1, len(found))
        said.append(" ".join(stop_pieces(stop, 0, place, (1, 6), language)))
        for at, part in enumerate(stop.parts):
            if stop.kind is StopKind.PAD:
                said.append(key_name(part, words))
            elif stop.kind is StopKind.CHOICE and at:
                said.append(" ".join(option_pieces(stop, at, language)))
    return said


def plain(text: str) -> str:
    return SIGNS.sub("", DOTS.sub("", text)).lower()


@pytest.mark.parametrize(
    "preview", PUBLIC, ids=[f"{one.app}-{one.screen_file}-{one.name}" for one in PUBLIC]
)
def test_a_screen_is_whole_by_ear(ears, preview: Preview) -> None:
    listener = ears[preview.size]
    window: StationWindow = listener.window
    window.show(preview.screen)
    window.set_looks(1.0, contrast=False)
    for language in OFFICE_LANGUAGES:
        window.set_language(language)
        QTest.qWait(0)
        parts = listener.narrator.parts()
        found = listener.narrator.stops(parts)
        said = spoken(listener.narrator, parts, found)
        heard = plain("".join(said)) + plain(texts(language).text(window.title_key))
        signs = {plain(text) for text in visible(window.root)} - {""}
        unspoken = [text for text in signs if text not in heard]
        assert not unspoken
        assert not [text for text in said if KEY.search(text) or "●" in text]
        assert not [one for one, next_one in pairwise(said) if one == next_one]
        in_reach = {identity(part) for stop in found for part in stop.parts}
        for part in parts:
            assert not part.control.touchable or identity(part) in in_reach
    window.set_language(Language.ENGLISH)
