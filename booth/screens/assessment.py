"""What an assessing officer meets."""

from typing import assert_never
from uuid import UUID

from booth.duties import assessment as duty
from booth.duties.assessment import Assessing, Deciding, DecisionMade, Listing, Opening, Work
from booth.duties.shared import BackAsked, HomeAsked, Left, Note, RowChosen, TryAgainAsked
from booth.screens import HERE, evidence, samples
from booth.screens.values import card_face, done_marks, hand_off_key, noted, particulars, reason
from booth.screens.working import working
from common.domain.case import Decision
from common.domain.clock import OFFICE_ZONE
from common.ui.screen import Screen, Value
from common.wire.facts import new_id
from common.wire.shapes import CaseRow, CaseView


def screen_for(state: duty.State) -> Screen:
    """Return what the window shows in a state of the duty."""
    match state:
        case Listing():
            return working("booth-busy-listing", "form")
        case Work(rows, note):
            return work_list("assessment", rows, note)
        case Opening():
            return working("booth-busy-opening", "form")
        case Assessing(case, note):
            return _assess(case, note)
        case Deciding():
            return working("booth-busy-deciding", "form")
        case Left():
            return working("booth-busy-opening")
        case _:
            assert_never(state)


def row_values(rows: tuple[CaseRow, ...]) -> list[Value]:
    """Give a work list to QML: receipt numbers, no names."""
    return [
        {
            "case_id": str(row.case_id),
            "receipt": row.receipt_number,
            "at": row.submitted_at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M"),
            "captured_by": row.captured_by,
        }
        for row in rows
    ]


def work_list(
    name: str,
    rows: tuple[CaseRow, ...],
    note: Note | None,
    store: object | None = None,
) -> Screen:
    """Return the work list of a duty; store is the event for a finished card without a place."""
    actions = {
        "open": lambda value: RowChosen(UUID(value)),
        "again": lambda _: TryAgainAsked(),
        "home": lambda _: HomeAsked(),
    }
    return Screen(
        HERE / f"{name}_work.qml",
        {
            "title_key": f"booth-work-{name}",
            "rows": row_values(rows),
            "can_store": store is not None,
            **noted(note),
        },
        actions | ({"store": lambda _: store} if store is not None else {}),
    )


def _assess(case: CaseView, note: Note | None) -> Screen:
    by = (case.identified_by or "").replace("_", "-")
    return Screen(
        HERE / "assess_case.qml",
        {
            "receipt": case.receipt_number or "",
            "captured_by": case.captured_by or "",
            "identified_key": f"booth-identified-{by}" if by else "",
            "hand_off_key": hand_off_key(case),
            "fingers": len({finger.position for finger in case.fingers}),
            "overridden": any(finger.overridden for finger in case.fingers),
            "confirmed_by": case.exceptions_confirmed_by or "",
            "twin": case.twin,
            "excepted": evidence.excepted_lines(case.exceptions),
            **evidence.attempts_shown(case),
            "face": card_face(case),
            "form": particulars(case),
            "done": done_marks(case),
            **noted(note),
        },
        {
            "approve": lambda typed: DecisionMade(Decision.APPROVE, typed.strip()[:200], new_id()),
            "refuse": lambda typed: DecisionMade(Decision.REFUSE, reason(typed), new_id()),
            "back": lambda _: BackAsked(),
        },
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    excepted = samples.excepted().model_copy(
        update={
            "receipt_number": "HQ-2026-000123",
            "portrait": samples.portrait(),
            "captured_by": "lam.ks",
            "exceptions_confirmed_by": "kwok.wf",
            "fingers": (samples.FINGERS[0].model_copy(update={"overridden": True}),),
        }
    )
    states: dict[str, duty.State] = {
        "work": Work(samples.rows(), Note.APPROVED),
        "work-empty": Work(()),
        "assess": Assessing(samples.submitted()),
        "assess-excepted": Assessing(excepted),
        "assess-same-officer": Assessing(samples.submitted(), Note.SAME_OFFICER),
    }
    return {name: screen_for(state) for name, state in states.items()}
