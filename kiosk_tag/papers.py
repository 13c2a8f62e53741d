"""What the tag kiosk prints: the slip, without name or number of anybody."""

from datetime import datetime

from PIL.Image import Image

from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language, paper_languages
from common.equipment.slip_paper import SlipPaper
from common.i18n.texts import texts
from common.wire.shapes import TagView


def tag_slip(
    tag: TagView, office: str, at: datetime, language: Language, *, unsent: bool = False
) -> Image:
    """Draw the slip in the visitor's language, and in English beside it.

    unsent says that the office does not know the tag yet: the paper must not promise more.
    """
    spoken = paper_languages(language)
    paper = SlipPaper(spoken[0])
    local = at.astimezone(OFFICE_ZONE)
    paper.line(_each(spoken, "papers-slip-title"), 32, bold=True)
    paper.line(_each(spoken, "papers-office", office=office), 26)
    paper.rule()
    paper.line(_each(spoken, "papers-slip-your-tag"), 28)
    paper.line(tag.number, 168, bold=True)
    for one in spoken:
        said = texts(one).text("papers-slip-unsent") if unsent else wait_text(tag, one)
        paper.line(said, 28)
    paper.gap(8)
    paper.code(tag.token)
    for one in spoken:
        then = texts(one).text("papers-next-unsent") if unsent else next_text(tag, one)
        paper.line(then, 30, bold=True)
    paper.rule()
    for one in spoken:
        paper.line(texts(one).text("papers-slip-keep"), 24)
    paper.line(local.strftime("%Y-%m-%d  %H:%M"), 26)
    return paper.picture()


def wait_text(tag: TagView, language: Language) -> str:
    """Say how long the wait will be, as a range; too little is known where it has no end."""
    words = texts(language)
    if tag.wait_high_min <= 0:
        return words.text("papers-wait-unknown")
    return words.text("papers-wait", low=tag.wait_low_min, high=tag.wait_high_min)


def next_text(tag: TagView, language: Language) -> str:
    """Say what the holder of the tag does next."""
    return texts(language).text(f"papers-next-{tag.stage}")


def _each(languages: tuple[Language, ...], key: str, **values: str) -> str:
    return " · ".join(texts(one).text(key, **values) for one in languages)
