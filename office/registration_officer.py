"""The officer at the booth: calls, photographs, takes fingers, submits."""

from common.matching.fingers import FingerPosition
from office.bench_client import CannotError
from office.hall import Hall
from office.officers import Officer, second_officer
from office.touch_client import Seen
from office.visitor import Visitor

SHIFT_S = 3600.0
THUMBS = (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB)


class RegistrationOfficer(Officer):
    """Calls tags to the booth, photographs, submits, hands the paper over."""

    def __init__(self, hall: Hall) -> None:
        super().__init__("lam", "booth-1", hall)
        self._hand_taken = False

    def work(self) -> None:
        """Work until the day ends."""
        self.agent.go(
            self.table(
                "registration",
                {
                    "call_next": lambda seen: self.agent.tap(seen, "booth-call-next"),
                    "called": self._called,
                    "registration_case": self._case,
                    "identify_holder": lambda seen: self._give_reason(
                        seen, "booth-identify-holder-reason", "booth-identify-holder-confirm"
                    ),
                    "except_fingers": self._except_fingers,
                    "choose_finger": self._choose_finger,
                    "take_finger": self._take_finger,
                    "keep_finger": self._keep_finger,
                    "finger_trouble": lambda seen: self.agent.tap(seen, "common-try-again"),
                    "photograph_hand": self._photograph_hand,
                    "second_officer": self._ask_second_officer,
                    "take_photograph": self._photograph,
                    "choose_photograph": lambda seen: self.agent.tap(
                        seen, "booth-photo-choose", number=2
                    ),
                    "preview_card": lambda seen: self.agent.tap(seen, "booth-submit"),
                    "submitted": self._submitted,
                },
            ),
            lambda _seen: self.hall.ended.is_set(),
            SHIFT_S,
            "the registration officer's shift",
        )

    def _called(self, seen: Seen) -> None:
        if self.hall.sitting("B1") is not None:
            self.agent.tap(seen, "booth-arrived")

    def _case(self, seen: Seen) -> None:
        for key in ("booth-identify", "booth-second-officer", "booth-preview"):
            if seen.can_tap(self.agent.words(seen, key)):
                self.agent.tap(seen, key)
                return
        if not seen.has(self.agent.words(seen, "booth-done-photographed")):
            self.agent.tap(seen, "booth-photograph")
        elif self._fingers_to_take():
            self.agent.tap(seen, "booth-take-fingers")
        else:
            self.agent.tap(seen, "booth-excuse-fingers")

    def _fingers_to_take(self) -> list[FingerPosition]:
        """The thumbs that the person on the stool can give and has not given at this desk."""
        visitor = self.hall.sitting("B1")
        if visitor is None:
            return []
        return [
            thumb
            for thumb in THUMBS
            if thumb != visitor.one.bandaged and thumb not in visitor.given_at_booth
        ]

    def _choose_finger(self, seen: Seen) -> None:
        left = self._fingers_to_take()
        self.agent.tap(seen, f"common-finger-{left[0].value}" if left else "common-back")

    def _take_finger(self, seen: Seen) -> None:
        visitor, left = self.hall.sitting("B1"), self._fingers_to_take()
        if visitor is not None and left:
            visitor.give_finger("booth-1", left[0].value)
        else:
            self.agent.tap(seen, "common-back")

    def _keep_finger(self, seen: Seen) -> None:
        visitor, left = self.hall.sitting("B1"), self._fingers_to_take()
        if seen.can_tap(self.agent.words(seen, "booth-keep-finger-do")):
            self.agent.tap(seen, "booth-keep-finger-do")
        else:
            self._give_reason(seen, "booth-keep-finger-reason", "booth-keep-finger-do")
        if visitor is not None and left:
            visitor.given_at_booth.append(left[0])

    def _except_fingers(self, seen: Seen) -> None:
        """Mark the bandaged thumb, photograph the hand, say why: in the order of the screen."""
        photograph = self.agent.words(seen, "booth-hand-left-photograph")
        if not seen.can_tap(photograph):
            self._hand_taken = False
            self.agent.tap(seen, f"common-finger-{FingerPosition.LEFT_THUMB.value}")
        elif not self._hand_taken:
            self.agent.tap(seen, "booth-hand-left-photograph")
        else:
            self._give_reason(
                seen,
                "booth-excuse-fingers-reason",
                "booth-excuse-fingers-confirm",
                "The thumb is bandaged",
            )

    def _photograph_hand(self, seen: Seen) -> None:
        if seen.can_tap(self.agent.words(seen, "booth-photo-take")):
            self.agent.tap(seen, "booth-photo-take")
            self._hand_taken = True

    def _ask_second_officer(self, seen: Seen) -> None:
        second_officer(self.agent, seen, self.hall)

    def _give_reason(
        self, seen: Seen, field: str, confirm: str, words: str = "Known by card and portrait"
    ) -> None:
        self.agent.tap(seen, field)
        self.retype(words)
        self.agent.tap(seen, confirm)

    def _photograph(self, seen: Seen) -> None:
        if seen.can_tap(self.agent.words(seen, "booth-photo-show-choice")):
            self.agent.tap(seen, "booth-photo-show-choice")
        elif seen.can_tap(self.agent.words(seen, "booth-photo-take")):
            self.agent.tap(seen, "booth-photo-take")

    def _submitted(self, seen: Seen) -> None:
        visitor = self.hall.sitting("B1")
        if visitor is not None:
            if not visitor.paper:
                self._take_paper(seen, visitor)
            self.hall.stand_up("B1")
            self.hall.work_for("assessment")
        self.agent.tap(seen, "booth-next-person")

    def _take_paper(self, seen: Seen, visitor: Visitor) -> None:
        """Take the paper that was printed, or have it printed again."""
        try:
            visitor.take_paper("booth-1")
        except CannotError:
            if seen.can_tap(self.agent.words(seen, "booth-print-again")):
                self.agent.tap(seen, "booth-print-again")
            raise
