"""Production's physical transaction: a blank becomes a verified card, and finds its place.

Each step is in the journal before the next begins. The motion "personalise" runs from the feeder
to the verified chip or the bin; "store" from the open slot to the sensor that sees the card. On
start the journal, the card unit's sensors and the chip itself say what became of a motion.
"""

import logging
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from booth.duties.production import (
    AwaitPut,
    BinCard,
    BlankFed,
    CardBinned,
    CardFaulty,
    CardPut,
    CardTaken,
    ChipVerified,
    ChipWritten,
    FeedBlank,
    FinishedCardFound,
    GiveOut,
    GiveUpSlot,
    NothingToSettle,
    OpenSlot,
    PresentCard,
    ReadFinishedCard,
    Settle,
    SlotGivenUp,
    SlotOpened,
    VerifyChip,
    WriteChip,
)
from booth.duties.shared import Failed, Note
from booth.work.card_content import chip_content
from booth.work.tools import REFRESH_S, Tools, note_of_card
from common.domain.card import CardMove, after
from common.domain.clock import office_day
from common.equipment.cabinet import SlotOutcome
from common.equipment.card_face import card_print_pdf
from common.equipment.cards import CardHolder, CardUnreadable
from common.equipment.encoder import (
    ChannelBlockedError,
    ChipFaultyError,
    FaceFaultyError,
    NotAnIssuerError,
    access_number,
)
from common.flow.machine import Stay
from common.journal.journal import Motion
from common.sync.client import CardOfCase
from common.wire.evidence import card_content
from common.wire.facts import CardMoved, Fact, new_id
from common.wire.shapes import CaseFind, CaseView
from hardware.core.device import Seen
from hardware.core.errors import DeviceError, DeviceFaultError
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.lds import ChipContent, encode
from hardware.smartcard.personalisation import WrittenCard

logger = logging.getLogger(__name__)

PERSONALISE, STORE = "personalise", "store"
FEEDING, WRITING, WRITTEN = "feeding", "writing", "written"
TAKE_S = 120.0
PUT_S = 60.0
INSERT_S = 60.0

MakingTask = (
    Settle
    | GiveOut
    | FeedBlank
    | WriteChip
    | VerifyChip
    | BinCard
    | PresentCard
    | OpenSlot
    | AwaitPut
    | GiveUpSlot
    | ReadFinishedCard
)


def perform(tools: Tools, task: MakingTask, stay: Stay) -> object:
    """Do one task and say what came of it; errors of line and devices travel on."""
    match task:
        case Settle():
            return _settle(tools)
        case FeedBlank(case):
            return _feed(tools, case)
        case WriteChip(case):
            return _write(tools, case)
        case VerifyChip(case):
            return _verify(tools, case)
        case BinCard():
            return _bin(tools)
        case PresentCard() | GiveOut():
            tools.encoder.give_back()
            taken = tools.encoder.wait_taken(TAKE_S, stay.left)
            return CardTaken() if taken else Failed(Note.CARD_NOT_TAKEN)
        case OpenSlot(case, slot):
            return _open_slot(tools, case, slot)
        case AwaitPut(case, slot):
            return _await_put(tools, case, slot, stay)
        case GiveUpSlot(case, slot):
            return _give_up(tools, case, slot)
        case ReadFinishedCard():
            return _read_finished(tools, stay)
        case _:
            assert_never(task)


def _feed(tools: Tools, case: CaseView) -> object:
    if case.card is None:
        return Failed(Note.CHANGED_MEANWHILE)
    if not tools.encoder.makes_cards:
        return Failed(Note.NOT_ALLOWED)
    today = office_day(tools.station.clock())
    try:
        encode(chip_content(case, today))
    except ValueError:
        return Failed(Note.CONTENT_WRONG)  # said before a blank is spent on it
    if not tools.encoder.bin_takes_more():
        return Failed(Note.BIN_FULL)  # a faulty card must have somewhere to go
    body = {
        "case_id": str(case.case_id),
        "card_id": str(case.card.card_id),
        "day": today.isoformat(),
        "step": FEEDING,
        "personalised": str(new_id()),
    }
    motion = tools.station.journal.intend(PERSONALISE, body, tools.station.clock())
    try:
        tools.encoder.feed_blank()
    except ChannelBlockedError:
        tools.station.journal.ended(motion)
        return Failed(Note.CHANNEL_BLOCKED)
    except DeviceFaultError as fault:
        if fault.reason == "empty":  # nothing moved
            tools.station.journal.ended(motion)
        raise
    return BlankFed()


def _write(tools: Tools, case: CaseView) -> object:
    motion = _motion(tools)
    try:
        content = chip_content(case, date.fromisoformat(motion.body["day"]))
        serial, can = tools.encoder.serial(), access_number()
        motion = tools.station.journal.note(
            motion, step=WRITING, serial=serial, can=can, **_told_of(case, content)
        )
        written = tools.encoder.write(content, can)
    except NotAnIssuerError:
        return CardFaulty(Note.NOT_ALLOWED)
    except ChipFaultyError:
        return CardFaulty(Note.CHIP_FAULTY)
    _note_written(tools, tools.station.journal.note(motion, written=_as_body(written)))
    # A card that was cut off here is binned: nobody engraves a card twice.
    face = card_print_pdf(content, can)
    tools.card_printer.use(lambda printer: printer.print_document(face, "card"))
    return ChipWritten()


def _verify(tools: Tools, case: CaseView) -> object:
    motion = _motion(tools)
    try:
        _read_back(tools, motion, case)
    except FaceFaultyError:
        return CardFaulty(Note.FACE_FAULTY)
    except ChipFaultyError:
        return CardFaulty(Note.CHIP_FAULTY)
    _end(tools, motion, _moved(motion, CardMove.PASS_QUALITY))
    return ChipVerified()


def _told_of(case: CaseView, content: ChipContent) -> dict[str, str]:
    """What the centre is told of the data that goes into the card."""
    held = card_content(case.case_id, case.particulars, case.portrait or b"", case.fingers)
    return {"content": held, "valid_until": content.mrz.expiry.isoformat()}


def _bin(tools: Tools) -> object:
    motion = tools.station.journal.note(_motion(tools), failed=True)
    tools.encoder.keep()
    _end_as_faulty(tools, motion)
    return CardBinned()


def _note_written(tools: Tools, motion: Motion) -> None:
    """Note that the chip is written, and record it; done twice, it is still one fact."""
    motion = tools.station.journal.note(motion, step=WRITTEN)
    made = {name: motion.body.get(name) for name in ("content", "valid_until")}
    fact = _fact(tools, motion, _moved(motion, CardMove.PERSONALISE, **made))
    fact = fact.model_copy(update={"id": UUID(motion.body["personalised"])})
    tools.station.journal.put(fact, officer_token=tools.signed_in.token)
    tools.station.exchange.poke()


def _end_as_faulty(tools: Tools, motion: Motion) -> None:
    """A blank that was never begun is no card of anybody's: it goes without a fact."""
    if motion.body["step"] == FEEDING:
        tools.station.journal.ended(motion)
        return
    moved = _moved(motion, CardMove.FAIL_QUALITY)
    if motion.body["step"] != WRITTEN:
        moved = moved.model_copy(update={"chip_serial": ""})  # the centre never heard of the chip
    _end(tools, motion, moved)


def _settle(tools: Tools) -> object:
    note: Note | None = None
    for motion in tools.station.journal.open_motions():
        if motion.kind == STORE:
            _settle_store(tools, motion)
            note = Note.SETTLED
        elif motion.kind == PERSONALISE:
            found = _settle_card(tools, motion)
            if isinstance(found, CaseView):
                return FinishedCardFound(found)
            note = found
    if (left := _case_left_inside(tools)) is not None:
        return FinishedCardFound(left)
    return NothingToSettle(note)


def _settle_store(tools: Tools, motion: Motion) -> None:
    slot = int(motion.body["slot"])
    if tools.cabinet.holds(slot) is Seen.YES:
        _end_stored(tools, motion)
    else:
        tools.station.journal.ended(motion)


def _settle_card(tools: Tools, motion: Motion) -> CaseView | Note:
    """Return the case of a card that is whole after all; else the card goes into the bin."""
    if motion.body["step"] == WRITTEN:
        _note_written(tools, motion)  # the desk may have stopped before it was recorded
    position = tools.encoder.position()
    if position is CardPosition.GATE:
        tools.encoder.draw_in()
    elif position is CardPosition.NONE:
        # Nothing moved yet, or somebody took the card by hand: it is nobody's card any more.
        _end_as_faulty(tools, motion)
        return Note.SETTLED if motion.body["step"] == FEEDING else Note.CARD_MISSING
    if motion.body["step"] == WRITTEN and not motion.body.get("failed"):
        case = _fetch(tools, UUID(motion.body["case_id"]))
        if case is not None and _is_whole(tools, motion, case):
            _end(tools, motion, _moved(motion, CardMove.PASS_QUALITY))
            return case
    tools.encoder.keep()
    _end_as_faulty(tools, motion)
    return Note.SETTLED


def _is_whole(tools: Tools, motion: Motion, case: CaseView) -> bool:
    try:
        if tools.encoder.serial() != motion.body["serial"]:
            return False
        _read_back(tools, motion, case)
    except (ChipFaultyError, FaceFaultyError, ValueError):
        return False
    return True


def _read_back(tools: Tools, motion: Motion, case: CaseView) -> None:
    content = chip_content(case, date.fromisoformat(motion.body["day"]))
    written = _as_written(motion.body["written"])
    tools.encoder.verify(content, motion.body["can"], written)


def _as_body(written: WrittenCard) -> dict[str, Any]:
    return {
        "files": {f"{name:04X}": digest for name, digest in written.files.items()},
        "master_files": {f"{name:04X}": digest for name, digest in written.master_files.items()},
        "manager_keys": written.manager_keys,
    }


def _as_written(body: dict[str, Any]) -> WrittenCard:
    return WrittenCard(
        {int(name, 16): digest for name, digest in body["files"].items()},
        {int(name, 16): digest for name, digest in body["master_files"].items()},
        body["manager_keys"],
    )


def _open_slot(tools: Tools, case: CaseView, slot: int | None) -> object:
    number = slot if slot is not None else tools.cabinet.free_slot()
    if number is None or case.card is None:
        return Failed(Note.NO_FREE_SLOT)
    if not _store_motions(tools, number):
        body = {
            "case_id": str(case.case_id),
            "card_id": str(case.card.card_id),
            "slot": number,
            "filled": sorted(tools.cabinet.filled()),
        }
        tools.station.journal.intend(STORE, body, tools.station.clock())
    tools.cabinet.open(number)
    return SlotOpened(number)


def _await_put(tools: Tools, case: CaseView, slot: int, stay: Stay) -> object:
    del case
    motion = _store_motions(tools, slot)[0]
    before = frozenset(motion.body["filled"]) - {slot}
    hand = tools.cabinet.wait_put(slot, before, PUT_S, stay.left)
    match hand.outcome:
        case SlotOutcome.DONE:
            _end_stored(tools, motion)
            return CardPut(slot)
        case SlotOutcome.OTHER_SLOT:
            return Failed(Note.WRONG_SLOT)
        case SlotOutcome.NOTHING:
            return Failed(Note.NOT_PUT)


def _give_up(tools: Tools, case: CaseView, slot: int) -> object:
    del case
    seen = tools.cabinet.holds(slot)
    for motion in _store_motions(tools, slot):
        if seen is Seen.YES:
            _end_stored(tools, motion)
        else:
            tools.station.journal.ended(motion)
    return CardPut(slot) if seen is Seen.YES else SlotGivenUp()


def _read_finished(tools: Tools, stay: Stay) -> object:
    inside = tools.encoder.position() is CardPosition.INSIDE
    if not inside and not tools.encoder.wait_for_card(INSERT_S, stay.left):
        return Failed(Note.NO_CARD_CAME)
    holder = tools.encoder.read_holder()
    if isinstance(holder, CardUnreadable):
        tools.encoder.give_back()
        return Failed(note_of_card(holder))
    if (case := _case_to_store(tools, _known(tools, holder))) is not None:
        return FinishedCardFound(case)
    tools.encoder.give_back()
    return Failed(Note.CARD_UNKNOWN)


def _case_left_inside(tools: Tools) -> CaseView | None:
    """Find the card that was finished, but not taken out before the desk stopped."""
    try:
        position = tools.encoder.position()
        if position is CardPosition.NONE:
            return None
        if position is CardPosition.GATE:
            tools.encoder.draw_in()
        holder = tools.encoder.read_holder()
    except DeviceError as error:
        logger.warning("nobody knows what the card unit holds: %s", error)
        return None
    if isinstance(holder, CardUnreadable):
        return None  # a blank, or nothing of ours: it is given out before the next is made
    return _case_to_store(tools, _known(tools, holder))


def _known(tools: Tools, holder: CardHolder) -> CardOfCase | None:
    tools.station.exchange.flush(REFRESH_S)
    return tools.station.client.card_by_serial(holder.chip_serial, tools.signed_in.token)


def _case_to_store(tools: Tools, card: CardOfCase | None) -> CaseView | None:
    """Return the case of a finished card that has no place yet."""
    if card is None or after(card.state, CardMove.STORE) is None:
        return None
    return _fetch(tools, card.case_id)


def _motion(tools: Tools) -> Motion:
    return next(m for m in tools.station.journal.open_motions() if m.kind == PERSONALISE)


def _store_motions(tools: Tools, slot: int) -> list[Motion]:
    return [
        motion
        for motion in tools.station.journal.open_motions()
        if motion.kind == STORE and motion.body["slot"] == slot
    ]


def _moved(motion: Motion, move: CardMove, **where: Any) -> CardMoved:
    told = {"card_id": motion.body["card_id"], "chip_serial": motion.body.get("serial", "")}
    return CardMoved.model_validate({**told, "move": move, **where})


def _end_stored(tools: Tools, motion: Motion) -> None:
    place = {"location": tools.cabinet_location(), "slot": int(motion.body["slot"])}
    _end(tools, motion, _moved(motion, CardMove.STORE, **place))


def _fact(tools: Tools, motion: Motion, moved: CardMoved) -> Fact:
    return tools.station.fact(UUID(motion.body["case_id"]), moved, tools.signed_in)


def _end(tools: Tools, motion: Motion, moved: CardMoved) -> None:
    tools.station.journal.ended(
        motion, _fact(tools, motion, moved), officer_token=tools.signed_in.token
    )
    tools.station.exchange.poke()


def _fetch(tools: Tools, case_id: UUID) -> CaseView | None:
    tools.station.exchange.flush(REFRESH_S)
    return tools.station.client.find_case(CaseFind(case_id=case_id))
