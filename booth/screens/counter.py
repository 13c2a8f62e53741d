"""What an officer at the counter meets."""

from booth.case_book import needs_activation
from booth.duties import counter as duty
from booth.duties.counter import (
    AtCase,
    Binning,
    CardFace,
    CardTrouble,
    CheckingCard,
    CheckingProxy,
    Closing,
    Done,
    FaultyAsked,
    FetchCardAsked,
    Finding,
    HandedOver,
    HandOver,
    HolderDenied,
    HolderProven,
    IdentifyAsked,
    Identifying,
    Issuing,
    NextAsked,
    ProxyAsked,
    PutBackAsked,
    PutBackStuck,
    PuttingBack,
    Recording,
    Reserving,
    TakeFromSlot,
)
from booth.duties.queueing import QueueState
from booth.duties.registration import SecondOfficerAsked
from booth.duties.second_officer import AskingSecondOfficer, Confirming
from booth.duties.shared import BackAsked, Note, TryAgainAsked
from booth.screens import HERE, evidence, proxy, samples
from booth.screens import queueing as queue_screens
from booth.screens.values import (
    card_face,
    done_marks,
    form,
    hand_off_key,
    noted,
    picture,
    reason,
    value_key,
)
from booth.screens.working import AGAIN, Button, instruction, working
from common.domain.case import SourceDocument
from common.domain.proxy import ProxyDocument, ProxyPaper
from common.ui.screen import Screen, Value
from common.wire.evidence import OfficersProof, Proxy
from common.wire.shapes import CaseView, Recipient

PUT_BACK = Button("put_back", "booth-put-back", PutBackAsked())
FAULTY = Button("faulty", "booth-card-is-faulty", FaultyAsked())
CHECK = Button("again", "booth-check-card", TryAgainAsked())
CHECK_INSTEAD = Button("back", "booth-check-card", BackAsked())
NEXT = Button("next", "booth-next-person", NextAsked())
CAPTURED = "old_document_captured"


def screen_for(state: duty.State, place: str) -> Screen:
    """Return what the window shows in a state of the duty."""
    if isinstance(state, QueueState):
        return queue_screens.screen_for(state, place)
    match state:
        case Finding():
            return working("booth-busy-opening", "form")
        case AtCase(case, identified, note):
            return _case(case, identified, note)
        case Identifying(case):
            return _compare(case)
        case CheckingProxy(case):
            return proxy.check(case)
        case AskingSecondOfficer():
            return evidence.second_officer(state)
        case Confirming():
            return working("booth-busy-confirming", "lock")
        case Recording() | Issuing():
            return working("booth-busy-recording", "form")
        case Reserving():
            return working("booth-busy-slot", "lock")
        case TakeFromSlot(_, slot, note):
            again = [AGAIN] if note is not None else []
            return instruction(
                "take_from_slot", "lock", PUT_BACK, *again, note=note, number=str(slot)
            )
        case CheckingCard():
            return instruction("insert_card_to_check", "card")
        case CardTrouble(_, _, note):
            return instruction("card_trouble", "warning", FAULTY, PUT_BACK, CHECK, note=note)
        case HandOver(case, _, face, note):
            return _hand_over(case, face, note)
        case PuttingBack(_, slot):
            return instruction("put_into_slot", "lock", number=str(slot))
        case PutBackStuck(_, slot, note):
            return instruction(
                "put_back_stuck", "lock", CHECK_INSTEAD, AGAIN, note=note, number=str(slot)
            )
        case Binning():
            return instruction("insert_card_to_check", "card", variant="-bin")
        case Done(case, issued):
            variant = "-proxy" if needs_activation(case) else ""
            variant = variant if issued else "-faulty"
            return instruction("visit_over", "check", NEXT, variant=variant)
        case Closing():
            return working("booth-busy-closing")


def _compare(case: CaseView) -> Screen:
    documents: list[Value] = [
        {"value": one.value, "text_key": f"booth-document-{one.replace('_', '-')}"}
        for one in SourceDocument
    ]
    return Screen(
        HERE / "compare_faces.qml",
        {"face": card_face(case), "documents": documents, "twin": case.twin},
        {
            "confirm": _proven,
            "deny": lambda _: HolderDenied(),
            "back": lambda _: BackAsked(),
        },
    )


def _proven(value: str) -> HolderProven:
    """Take what the officer says.

    Raises:
        ValueError: Fewer than two documents, or no words.
    """
    said = form(value)
    documents = tuple(SourceDocument(one) for one in said["documents"].split(",") if one)
    proof = OfficersProof(
        documents=documents, photograph_compared=True, note=reason(said["reason"])
    )
    if not proof.is_enough:
        raise ValueError("two source documents are inspected")
    return HolderProven(proof)


def _case(case: CaseView, identified: bool, note: Note | None) -> Screen:
    card = case.card
    where = f"{card.location} {card.slot or ''}".strip() if card and card.location else ""
    return Screen(
        HERE / "counter_case.qml",
        {
            "tag": case.tag.number if case.tag else "",
            "hand_off_key": hand_off_key(case),
            "identified": identified,
            "proxy": case.recipient is not None and _proxy_of(case.recipient) is not None,
            "needs_second": not identified and case.recipient is not None,
            "twin": case.twin,
            "excepted": evidence.excepted_lines(case.exceptions),
            **evidence.attempts_shown(case),
            "face": card_face(case),
            "done": done_marks(case),
            "card_key": f"booth-card-{card.state.replace('_', '-')}" if card else "",
            "place": where,
            **noted(note),
        },
        {
            "identify": lambda _: IdentifyAsked(),
            "proxy": lambda _: ProxyAsked(),
            "second_officer": lambda _: SecondOfficerAsked(),
            "fetch": lambda _: FetchCardAsked(),
            "next": lambda _: NextAsked(),
        },
    )


def _proxy_of(came: Recipient) -> Proxy | None:
    return came.proof.proxy if came.proof else None


def _hand_over(case: CaseView, face: CardFace, note: Note | None) -> Screen:
    captured = CAPTURED in case.done
    shown: dict[str, Value] = {
        "name": face.name,
        "chinese_name": face.chinese_name,
        "number": face.identity_number,
        "born": face.date_of_birth,
        "sex_key": value_key("sex", face.sex) if face.sex in ("M", "F") else "",
        "portrait": picture(face.portrait),
    }
    return Screen(
        HERE / "hand_over.qml",
        {
            "face": shown,
            "captured": captured,
            "activation": needs_activation(case),
            "old_key": f"booth-old-{case.old_document.replace('_', '-')}",
            **noted(note),
        },
        {
            "hand_over": lambda _: HandedOver(kept_here=not captured),
            "put_back": lambda _: PutBackAsked(),
        },
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    case = samples.ready()
    proof = OfficersProof(
        documents=(SourceDocument.OLD_CARD, SourceDocument.TRAVEL_DOCUMENT),
        photograph_compared=True,
        note="Scar on the left brow, as in the passport",
    )
    tried = case.model_copy(
        update={
            "attempts": samples.excepted().attempts,
            "twin": True,
            "recipient": Recipient(by="officer", proof=proof),
        }
    )
    carried = Proxy(
        paper=ProxyPaper.FORM,
        document=ProxyDocument.IDENTITY_CARD,
        name="CHAN, SIU MING",
        number="B765432(1)",
        adult=True,
        signature_agrees=True,
    )
    by_proxy = proof.model_copy(update={"documents": (), "proxy": carried})
    came = Recipient(by="officer", proof=by_proxy, confirmed_by="kwok")
    proxied = samples.from_kiosk().model_copy(update={"recipient": came, "card": case.card})
    face = CardFace("A123456(3)", "CHAN, TAI MAN", "陳大文", "1970-05-17", "M", samples.portrait())
    states: dict[str, duty.State] = {
        "case": AtCase(case, identified=False),
        "case-identified": AtCase(case, identified=True, note=Note.SAME_OFFICER),
        "compare": Identifying(case),
        "case-tried": AtCase(tried, identified=False, note=Note.RECIPIENT_UNPROVEN),
        "second": AskingSecondOfficer(tried, "recipient"),
        "proxy": CheckingProxy(proxied),
        "case-proxy": AtCase(proxied, identified=True, note=Note.CONFIRMED),
        "second-proxy": AskingSecondOfficer(proxied, "recipient"),
        "take": TakeFromSlot(case, 3),
        "take-wrong": TakeFromSlot(case, 3, Note.WRONG_SLOT),
        "check": CheckingCard(case, 3),
        "trouble": CardTrouble(case, 3, Note.CARD_OF_ANOTHER),
        "hand-over": HandOver(case, 3, face),
        "hand-over-proxy": HandOver(proxied, 3, face),
        "put-back": PutBackStuck(case, 3, Note.NOT_PUT),
        "done": Done(case, issued=True),
        "done-proxy": Done(proxied, issued=True),
        "done-faulty": Done(case, issued=False),
    }
    return {name: screen_for(state, "C1") for name, state in states.items()}
