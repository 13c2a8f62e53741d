"""What is asked next of a person who proves who they are: a finger, the face, or an officer.

Three tries a finger; then the other enrolled finger, then any other enrolled one, then the face,
then an officer. After ninety seconds of finger work nobody is asked for a finger any more,
whatever is left of the ladder. Nobody can be led in a circle: every try uses up a rung.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from common.domain.biometrics import ALL_FINGERS

TRIES_A_FINGER = 3
FACE_TRIES = 3
FINGER_WORK_S = 90.0


@dataclass(frozen=True, slots=True)
class FingerTry:
    """One try of one finger, without anything of the finger itself.

    Attributes:
        position: Which finger was asked for, in ISO's numbers.
        quality: NFIQ 2; 0 where nobody put a finger.
        advice: What was wrong with it, in one word; empty for a match.
    """

    position: int
    matched: bool = False
    quality: int = 0
    score: float = 0.0
    advice: str = ""


@dataclass(frozen=True, slots=True)
class AskFinger:
    """Ask for this finger. attempt counts from 1."""

    position: int
    attempt: int


@dataclass(frozen=True, slots=True)
class AskFace:
    """Fingers alone did not prove it: compare the face. attempt counts from 1."""

    attempt: int


@dataclass(frozen=True, slots=True)
class AskOfficer:
    """A person decides."""


@dataclass(frozen=True, slots=True)
class Proven:
    """No more is asked."""


Rung: TypeAlias = AskFinger | AskFace | AskOfficer | Proven


@dataclass(frozen=True, slots=True)
class FingerLadder:
    """What has been tried so far, and so what comes next.

    Attributes:
        enrolled: The fingers that can be compared, in the order of asking.
        wanted: So many fingers are to be proven, where so many are enrolled.
        excepted: Fingers that the person says cannot be given.
        declined: The person gives no fingers at all.
        used_s: Seconds since the first finger was asked for.
        face_may_do: The face may stand in for fingers: not where the process wants two proofs,
            and not for a twin.
        face_tries: What each look at the face found: no_face, or unlike.
        preferred: The finger that the person chose to give next.
        scanner_lost: The scanner failed, so that no finger can be given any more.
    """

    enrolled: tuple[int, ...]
    wanted: int = 1
    tries: tuple[FingerTry, ...] = ()
    excepted: frozenset[int] = frozenset()
    declined: bool = False
    used_s: float = 0.0
    face_may_do: bool = True
    face_tries: tuple[str, ...] = ()
    face_accepted: bool = False
    preferred: int = 0
    scanner_lost: bool = False

    @classmethod
    def over(
        cls, enrolled: Iterable[int], wanted: int = 1, *, face_may_do: bool = True
    ) -> "FingerLadder":
        """Begin with these fingers, each named once or more often."""
        known = set(enrolled)
        ordered = tuple(position for position in ALL_FINGERS if position in known)
        return cls(ordered, wanted, face_may_do=face_may_do)

    @property
    def proven(self) -> tuple[int, ...]:
        """The fingers that matched, in the order in which they did."""
        return tuple(one.position for one in self.tries if one.matched)

    @property
    def is_late(self) -> bool:
        """Whether the time for fingers is over."""
        return self.used_s >= FINGER_WORK_S

    def rung(self) -> Rung:
        """Say what comes next."""
        proven = self.proven
        if len(proven) < self.wanted and (finger := self._next_finger()):
            return AskFinger(finger, self._count(finger) + 1)
        if proven or self.face_accepted:
            return Proven()
        if self.face_may_do and self._face_may_be_tried():
            return AskFace(len(self.face_tries) + 1)
        return AskOfficer()

    def others(self, position: int) -> tuple[int, ...]:
        """Name the fingers that the person may choose instead of this one."""
        return tuple(finger for finger in self._open() if finger != position)

    # What happens

    def tried(self, one: FingerTry, used_s: float = 0.0) -> "FingerLadder":
        """A finger was tried, used_s after the first was asked for."""
        return replace(self.at(used_s), tries=(*self.tries, one))

    def at(self, used_s: float) -> "FingerLadder":
        """Time has passed; it never runs back."""
        return replace(self, used_s=max(self.used_s, used_s))

    def without(self, position: int) -> "FingerLadder":
        """The person cannot give this finger."""
        return replace(self, excepted=self.excepted | {position})

    def turned_to(self, position: int) -> "FingerLadder":
        """The person would rather give this one; it gets no tries that it has not left."""
        return replace(self, preferred=position)

    def without_fingers(self) -> "FingerLadder":
        """The person gives no fingers at all."""
        return replace(self, declined=True)

    def without_scanner(self) -> "FingerLadder":
        """The scanner failed."""
        return replace(self, scanner_lost=True)

    def face_seen(self, *, accepted: bool, why: str = "") -> "FingerLadder":
        """The face was compared; why: no_face (may be tried again), or unlike (an officer's)."""
        if accepted:
            return replace(self, face_accepted=True)
        return replace(self, face_tries=(*self.face_tries, why))

    # How it is decided

    def _next_finger(self) -> int:
        """Return the finger to ask for, or 0. The one in work is finished first."""
        left = self._open()
        last = self.tries[-1].position if self.tries else 0
        for position in (self.preferred, last):
            if position in left:
                return position
        return left[0] if left else 0

    def _open(self) -> tuple[int, ...]:
        if self.declined or self.scanner_lost or self.is_late:
            return ()
        closed = self.excepted | set(self.proven)
        return tuple(
            position
            for position in self.enrolled
            if position not in closed and self._count(position) < TRIES_A_FINGER
        )

    def _count(self, position: int) -> int:
        return Counter(one.position for one in self.tries)[position]

    def _face_may_be_tried(self) -> bool:
        return len(self.face_tries) < FACE_TRIES and "unlike" not in self.face_tries
