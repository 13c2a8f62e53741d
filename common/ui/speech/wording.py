"""What is said of a screen: its texts in reading order; a control with role, place and state."""

from collections.abc import Iterator, Sequence

from common.domain.language import Language
from common.i18n.texts import Texts, texts
from common.ui.controls import Part
from common.ui.speech.spelling import DOTS, hidden
from common.ui.speech.stops import Stop, StopKind

SIGNS = {".": "stop", ",": "comma", "-": "hyphen", "/": "slash", "'": "apostrophe"}
UNSAID = {"Pane", "Client", "Window", "NoRole", "Grouping"}


def page_texts(parts: Sequence[Part], station_title: str) -> list[str]:
    """Return what a page says besides its controls, each text once."""
    found: dict[str, None] = {}
    for part in parts:
        control = part.control
        if control.touchable or control.role in UNSAID or control.name == station_title:
            continue
        text = f"{control.value}: {control.name}" if control.value else control.name
        found[text] = None
    return list(found)


def alert_texts(parts: Sequence[Part]) -> set[str]:
    """Return those that cannot wait: banners."""
    return {part.control.name for part in parts if part.control.role == "AlertMessage"}


def error_texts(parts: Sequence[Part]) -> list[str]:
    """Return what fields say is wrong with what was typed."""
    return [error for part in parts if (error := _of_touchable(part, "error"))]


def stop_pieces(
    stop: Stop, at: int, place: tuple[int, int], speed: tuple[int, int], language: Language
) -> tuple[str, ...]:
    """Say a stop: what it is called, what it is, which of how many, how it stands.

    Args:
        stop: The stop.
        at: Which part of a group has the keypad.
        place: Which of how many stops it is.
        speed: Which of how many speeds the voice has.
        language: The language shown.
    """
    words = texts(language)
    where = words.text("common-speech-place", at=place[0], count=place[1])
    match stop.kind:
        case StopKind.SPEED:
            said = words.text("common-speech-speed", step=speed[0], steps=speed[1])
            return said, where
        case StopKind.PAD:
            return (
                words.text("common-speech-pad"),
                where,
                key_name(stop.parts[at], words),
            )
        case StopKind.CHOICE:
            label = (stop.label,) if stop.label else ()
            how = words.text("common-speech-options", count=len(stop.parts))
            return (*label, how, where, *option_pieces(stop, at, language))
        case StopKind.CONTROL:
            return tuple(_control(stop.parts[0], where, words))


def option_pieces(stop: Stop, at: int, language: Language) -> tuple[str, ...]:
    """Say one choice of a row."""
    words = texts(language)
    part = stop.parts[at]
    is_chosen = "common-speech-chosen" if part.control.checked else "common-speech-not-chosen"
    where = words.text("common-speech-place", at=at + 1, count=len(stop.parts))
    return part.control.name, words.text(is_chosen), where


def key_name(part: Part, words: Texts) -> str:
    """Say a key of a pad; signs that a voice would be silent at have names."""
    name = part.control.name
    return words.text(f"common-speech-sign-{SIGNS[name]}") if name in SIGNS else name


def entered(count: int, words: Texts) -> str:
    """Say how much was typed, never what: somebody may listen."""
    return words.text("common-speech-entered", count=count)


def covered(text: str, words: Texts) -> str:
    """Replace dots, which stand for what was typed, by their number."""
    count = hidden(text)
    if count == 0:
        return text
    plain = len(DOTS.sub("", text).strip())
    return entered(count + (plain if plain <= 1 else 0), words) + (
        " " + DOTS.sub("", text).strip() if plain > 1 else ""
    )


def _control(part: Part, where: str, words: Texts) -> Iterator[str]:
    control = part.control
    yield control.name
    if control.role == "RadioButton":
        yield words.text("common-speech-chosen" if control.checked else "common-speech-not-chosen")
    else:
        role = "field" if _is_field(part) else "button"
        yield words.text(f"common-speech-{role}")
    yield where
    if not control.enabled:
        yield words.text("common-speech-unavailable")
    if _is_field(part) and not _of_touchable(part, "value"):
        yield entered(0, words)
        yield _of_touchable(part, "hint") or ""
    if control.value.strip():
        yield covered(control.value, words).strip()


def _is_field(part: Part) -> bool:
    return part.control.role == "EditableText" or _of_touchable(part, "masked") is not None


def _of_touchable(part: Part, name: str) -> str | None:
    """Read a property of the part that the touched area lies in."""
    if not part.control.touchable or part.item is None:
        return None
    item = part.item.parentItem()
    value = None if item is None else item.property(name)
    return None if value is None else str(value)
