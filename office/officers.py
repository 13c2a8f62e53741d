"""What every officer of a played day does: signs in, unlocks, chooses a duty, signs out."""

from collections.abc import Mapping

from office.agent import Agent, Doing
from office.bench_client import CannotError
from office.hall import Hall
from office.layout import OFFICERS
from office.touch_client import Seen

DUTY_S = 300.0
STAFF = "staff"
"""The hand in which the office's own things are."""
SECOND_OFFICER = "kwok"


class Officer:
    """One officer at one desk: signs in, unlocks, and does one duty."""

    def __init__(self, officer_id: str, station: str, hall: Hall) -> None:
        self.id = officer_id
        self.name = next(plan.display_name for plan in OFFICERS if plan.id == officer_id)
        self.hall = hall
        self.station = station
        self.agent = hall.agent(station)

    def table(self, duty: str, screens: Mapping[str, Doing]) -> dict[str, Doing]:
        """What this officer does on the screens of every desk, and on those of the duty."""
        return {
            "sign_in": self._sign_in,
            "locked": self._unlock,
            "home": lambda seen: self._choose(seen, duty),
            **screens,
        }

    def leave(self) -> None:
        """Go back to the list of duties and sign out."""
        self.agent.go(
            {
                "home": lambda seen: self.agent.tap(seen, "booth-sign-out"),
                "locked": self._unlock,
                "assessment_work": self._back,
                "production_work": self._back,
                "call_next": self._back,
                "assess_case": self._back,
                "produce_card": self._back,
            },
            lambda seen: seen.name == "sign_in",
            DUTY_S,
            "signing out",
        )

    def _back(self, seen: Seen) -> None:
        self.agent.tap(seen, "common-back")

    def _choose(self, seen: Seen, duty: str) -> None:
        if not seen.has(self.name):
            # Somebody else's session is still open at this desk.
            self.agent.tap(seen, "booth-sign-out")
            return
        self.agent.tap(seen, f"booth-duty-{duty}")

    def _sign_in(self, seen: Seen) -> None:
        self.agent.tap(seen, "booth-sign-in-officer")
        self.retype(self.id)
        self.agent.key("Tab")
        self.retype(self.hall.password(self.id))
        self.agent.key("Return")

    def _unlock(self, seen: Seen) -> None:
        del seen
        self.agent.key("Tab")
        self.retype(self.hall.password(self.id))
        self.agent.key("Return")

    def retype(self, text: str) -> None:
        """Type over what stands in the field that has the focus."""
        self.agent.key("End")
        for _ in range(24):
            self.agent.key("Backspace")
        self.agent.type(text)


def second_officer(agent: Agent, seen: Seen, hall: Hall) -> None:
    """Let the supervisor come, read what is on the screen, and sign it."""
    agent.tap(seen, "booth-second-officer-name")
    for text, key in ((SECOND_OFFICER, "Tab"), (hall.password(SECOND_OFFICER), "Return")):
        agent.key("End")
        for _ in range(24):
            agent.key("Backspace")
        agent.type(text)
        agent.key(key)


def open_first(agent: Agent, seen: Seen, empty: list[str]) -> None:
    """Open the first case of a work list, or note that the list is empty."""
    rows = [c["name"] for c in seen.controls if c["name"].startswith("HQ-")]
    if rows:
        agent.tap_named(rows[0])
    elif seen.has(agent.words(seen, "booth-work-empty")):
        empty.append(seen.name)


def number_on(seen: Seen) -> int:
    """The number that the screen shows large: a slot's."""
    for control in seen.controls:
        if control["name"].isdigit():
            return int(control["name"])
    raise CannotError("no number on the screen")
