"""What the collection kiosk prints: the slip for the counter, without anybody's name or number."""

from datetime import datetime

from PIL.Image import Image

from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language, paper_languages
from common.domain.queue import HandOffReason
from common.equipment.slip_paper import SlipPaper
from common.i18n.texts import texts
from common.wire.shapes import TagView


def hand_off_slip(
    tag: TagView | None, office: str, reason: HandOffReason, at: datetime, language: Language
) -> Image:
    """Draw the slip in the visitor's language, and in English beside it.

    tag is None where the backend did not tell it in time; then the slip says where to go.
    """
    spoken = paper_languages(language)
    paper = SlipPaper(spoken[0])
    for one in spoken:
        paper.line(texts(one).text("collection-slip-title"), 40, bold=True)
    paper.line(office, 26)
    paper.rule()
    if tag is not None:
        for one in spoken:
            paper.line(texts(one).text("common-counter-tag"), 28)
        paper.line(tag.number, 150, bold=True)
        paper.code(tag.token)
    for one in spoken:
        paper.line(texts(one).text(f"collection-reason-{reason}"), 28)
        paper.line(texts(one).text("common-counter-nothing-lost"), 28, bold=True)
    paper.rule()
    paper.line(at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d  %H:%M"), 26)
    return paper.picture()
