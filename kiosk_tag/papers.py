"""What the tag kiosk prints: tag, appointment, free slots; without name or number of anybody."""

from collections.abc import Sequence
from datetime import datetime

from PIL.Image import Image

from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language, paper_languages
from common.domain.queue import Service, TagStatus
from common.equipment.slip_paper import SlipPaper
from common.i18n.texts import texts
from common.wire.shapes import SlotAnswer, SlotTime, TagView
from kiosk_tag.states import Coming


def tag_slip(
    tag: TagView,
    office: str,
    at: datetime,
    language: Language,
    *,
    unsent: bool = False,
    coming: Coming | None = None,
) -> Image:
    """Draw the slip in the visitor's language, and in English beside it.

    unsent says that the office does not know the tag yet: the paper must not promise more.
    """
    paper, spoken = _begun(office, language)
    paper.line(_each(spoken, "papers-slip-your-tag"), 28)
    paper.line(tag.number, 168, bold=True)
    for one in spoken:
        if coming is not None:
            paper.line(coming_text(coming, one), 28, bold=True)
        if unsent:
            paper.line(texts(one).text("papers-slip-unsent"), 28)
        elif tag.status is TagStatus.WAITING:
            paper.line(wait_text(tag, one), 28)
    paper.gap(8)
    paper.code(tag.token)
    for one in spoken:
        said = texts(one).text(next_key(tag, unsent=unsent), **next_values(tag))
        paper.line(said, 30, bold=True)
    return _ended(paper, spoken, at, "papers-slip-keep")


def appointment_slip(taken: SlotAnswer, office: str, at: datetime, language: Language) -> Image:
    """Draw what was booked: day and hour, the code that stands for the letter, the enquiry code."""
    paper, spoken = _begun(office, language)
    for one in spoken:
        key = "tag-paper-booked-waiting" if taken.slot is None else "tag-paper-booked-title"
        paper.line(texts(one).text(key), 32, bold=True)
    if taken.slot is not None:
        paper.line(moment_text(taken.slot), 64, bold=True)
    if taken.letter_token is not None:
        paper.code(taken.letter_token)
        paper.line(_each(spoken, "tag-paper-booked-show"), 26)
    if taken.enquiry_code is not None:
        paper.line(_each(spoken, "tag-paper-booked-code"), 26)
        paper.line(taken.enquiry_code, 64, bold=True)
        for one in spoken:
            paper.line(texts(one).text("tag-paper-booked-change"), 26)
    return _ended(paper, spoken, at, "tag-paper-booked-keep")


def slots_slip(slots: Sequence[SlotTime], office: str, at: datetime, language: Language) -> Image:
    """Draw the slots that were free at this moment."""
    paper, spoken = _begun(office, language)
    paper.line(_each(spoken, "tag-paper-slots-title"), 32, bold=True)
    for slot in slots:
        paper.line(moment_text(slot.starts_at), 44, bold=True)
    return _ended(paper, spoken, at, "tag-paper-slots-keep")


def wait_text(tag: TagView, language: Language) -> str:
    """Say how long the wait will be, as a range; too little is known where it has no end."""
    words = texts(language)
    if tag.wait_high_min <= 0:
        return words.text("papers-wait-unknown")
    return words.text("papers-wait", low=tag.wait_low_min, high=tag.wait_high_min)


def coming_text(coming: Coming, language: Language) -> str:
    """Say how the person came to the appointment, and when an early one has to be back."""
    values = {"slot": hour_text(coming.slot)}
    if coming.be_back_at is not None:
        values["back"] = hour_text(coming.be_back_at)
    return texts(language).text(f"tag-coming-{coming.arrival}", **values)


def next_key(tag: TagView, *, unsent: bool) -> str:
    """Name the text of what the holder of the tag does next."""
    if unsent:
        return "papers-next-unsent"
    if tag.status is TagStatus.PARKED:
        return "tag-next-parent"
    if next_values(tag):
        return "tag-next-called"
    if tag.service is Service.ASSISTED:
        return "tag-next-reception"
    if tag.service is Service.JUVENILE and tag.stage == "booth":
        return "tag-next-child"
    return f"papers-next-{tag.stage}"


def next_values(tag: TagView) -> dict[str, str]:
    """Return the place at which the holder of the tag is expected now; without one nothing."""
    is_expected = tag.status in (TagStatus.CALLED, TagStatus.SERVING)
    return {"place": tag.place} if is_expected and tag.place else {}


def hour_text(moment: datetime) -> str:
    """Write a time of the office's day."""
    return moment.astimezone(OFFICE_ZONE).strftime("%H:%M")


def moment_text(moment: datetime) -> str:
    """Write day and time of the office."""
    return moment.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d  %H:%M")


def _begun(office: str, language: Language) -> tuple[SlipPaper, tuple[Language, ...]]:
    spoken = paper_languages(language)
    paper = SlipPaper(spoken[0])
    paper.line(_each(spoken, "papers-slip-title"), 32, bold=True)
    paper.line(_each(spoken, "papers-office", office=office), 26)
    paper.rule()
    return paper, spoken


def _ended(paper: SlipPaper, spoken: tuple[Language, ...], at: datetime, key: str) -> Image:
    paper.rule()
    for one in spoken:
        paper.line(texts(one).text(key), 24)
    paper.line(moment_text(at), 26)
    return paper.picture()


def _each(languages: tuple[Language, ...], key: str, **values: str) -> str:
    return " · ".join(texts(one).text(key, **values) for one in languages)
