"""How an office's queue is kept: letters, head starts, patience. Part of backend.toml."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from common.domain.queue import Service

Minutes = Annotated[int, Field(ge=0, le=240)]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassRules(_Rules):
    """One class of tags. The letters I and O would be read as digits."""

    letter: Annotated[str, Field(pattern=r"^[A-HJ-NP-Z]$")]
    head_start_minutes: Minutes = 0


_USUAL = {
    Service.APPOINTMENT: ClassRules(letter="A", head_start_minutes=10),
    Service.WALK_IN: ClassRules(letter="W"),
    Service.COLLECTION: ClassRules(letter="C"),
    Service.ASSISTED: ClassRules(letter="E", head_start_minutes=15),
    Service.PRIORITY: ClassRules(letter="P", head_start_minutes=30),
    Service.JUVENILE: ClassRules(letter="J", head_start_minutes=10),
    Service.ALTERATION: ClassRules(letter="L"),
}


class QueueRules(_Rules):
    """The rules of one office's queue.

    Attributes:
        classes: Only the classes that differ from the usual need to be named.
        late_minutes: Who comes later than this after the slot queues as from the arrival.
        misses: Missed calls after which a tag goes back in the line; at the next it is missed for
            good, until its holder asks.
        places_back: How far a missed call sets back.
        lease_minutes: A call holds a tag this long; its station renews it while it lives.
        patience_minutes: How long a tag waits for its own place or its companions.
    """

    classes: dict[Service, ClassRules] = _USUAL
    late_minutes: Minutes = 30
    misses: Annotated[int, Field(ge=0, le=10)] = 2
    places_back: Annotated[int, Field(ge=0, le=20)] = 3
    lease_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    patience_minutes: Minutes = 20

    @model_validator(mode="after")
    def _every_class_has_its_own_letter(self) -> "QueueRules":
        object.__setattr__(self, "classes", {**_USUAL, **self.classes})
        letters = [rules.letter for rules in self.classes.values()]
        if len(set(letters)) < len(letters):
            raise ValueError("two classes have the same letter")
        return self
