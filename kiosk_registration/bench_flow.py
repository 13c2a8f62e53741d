"""A visit to the form-filling bench: tag shown, form filled in, nothing ever lost.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from common.flow.machine import ForReading, Step
from common.wire.shapes import Particulars
from kiosk_registration.chinese_name import (
    with_character,
    with_code,
    with_codes,
    without_last,
)
from kiosk_registration.form import PAGES, FormKind, form_kind, page_of, pages_of


class NoForm(StrEnum):
    """Why there is no form to fill in."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    OTHER_DAY = "other_day"
    NO_CONNECTION = "no_connection"
    NOTHING_TO_FILL = "nothing_to_fill"


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """The form in work. number is the tag's, day the office's when it was opened."""

    case_id: UUID
    number: str
    particulars: Particulars
    day: date

    @property
    def kind(self) -> FormKind:
        """Which form it is, by age."""
        return form_kind(self.particulars.date_of_birth, self.day)

    def __repr__(self) -> str:
        return f"Form({self.number})"


# States


@dataclass(frozen=True, slots=True)
class Welcome:
    """Nobody is here; a tag is looked for. camera: whether the camera answers."""

    camera: bool = True


@dataclass(frozen=True, slots=True)
class FetchingForm:
    """The office is asked for the form of a tag."""

    token: str


@dataclass(frozen=True, slots=True)
class NoFormHere:
    """There is no form to fill in, and why."""

    reason: NoForm


@dataclass(frozen=True, slots=True)
class Filling:
    """A page of the form.

    Attributes:
        correcting: The person came back from the review.
        typing: What was typed so far is kept already; the page stays as it is.
    """

    form: Form
    page: int = 0
    correcting: bool = False
    typing: bool = False


@dataclass(frozen=True, slots=True)
class NamingInChinese:
    """The page of the Chinese name, which cannot be typed.

    Attributes:
        sought: A code, Cangjie keys or a syllable whose characters are offered.
        place: The character whose code is being chosen, from 0.
    """

    form: Form
    correcting: bool = False
    sought: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The person reads the whole form."""

    form: Form


@dataclass(frozen=True, slots=True)
class Declaring:
    """The form has no gap; the person, or who answers for a child, declares that it is true."""

    form: Form


@dataclass(frozen=True, slots=True)
class ChoosingHow:
    """The form has gaps, or the person called staff: how shall it go on?"""

    form: Form


@dataclass(frozen=True, slots=True)
class HandingOver:
    """The form is kept, and an officer does the rest at a booth."""

    form: Form


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The tag waits for a booth."""

    number: str


@dataclass(frozen=True, slots=True)
class Saving:
    """The form goes into the journal for the last time."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormDone:
    """The form is kept. complete: nothing is missing; else it can be continued anywhere."""

    number: str
    complete: bool


@dataclass(frozen=True, slots=True)
class AskStaff:
    """The bench cannot keep the form; what was kept before is not lost."""


State: TypeAlias = (
    Welcome
    | FetchingForm
    | NoFormHere
    | Filling
    | NamingInChinese
    | Reviewing
    | Declaring
    | ChoosingHow
    | HandingOver
    | HandedOver
    | Saving
    | FormDone
    | AskStaff
)
WITH_FORM = Filling | NamingInChinese | Reviewing | Declaring | ChoosingHow
"""A person works on a form."""


# Events


@dataclass(frozen=True, slots=True)
class Started:
    """The program began."""


@dataclass(frozen=True, slots=True)
class CameraMissing:
    """The camera does not answer; it is tried again in the background."""


@dataclass(frozen=True, slots=True)
class CameraBack:
    """It answers again."""


@dataclass(frozen=True, slots=True)
class TagShown:
    """A code of ours was held before the camera."""

    token: str


@dataclass(frozen=True, slots=True)
class OtherCodeShown:
    """A code that is not ours was held before the camera."""


@dataclass(frozen=True, slots=True)
class FormFetched:
    """The form as far as it is filled in."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormNotFetched:
    """There is none to fill in."""

    reason: NoForm


@dataclass(frozen=True, slots=True)
class PageFilled:
    """The page was left forward; gaps are allowed."""

    particulars: Particulars


@dataclass(frozen=True, slots=True)
class FieldTyped:
    """A field was typed; the person is still on the page."""

    particulars: Particulars


@dataclass(frozen=True, slots=True)
class CharactersSought:
    """The person typed a code, Cangjie keys or a syllable."""

    text: str


@dataclass(frozen=True, slots=True)
class CharacterTaken:
    """One of the characters offered is the next of the name."""

    character: str


@dataclass(frozen=True, slots=True)
class CharacterDropped:
    """The last character was wrong."""


@dataclass(frozen=True, slots=True)
class CharacterChosen:
    """The code of a character is to be chosen."""

    place: int


@dataclass(frozen=True, slots=True)
class CodeChosen:
    """This is the code of the character that was chosen."""

    code: str


@dataclass(frozen=True, slots=True)
class NameDone:
    """The Chinese name is right, or there is none."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """The person wants the page before."""


@dataclass(frozen=True, slots=True)
class PageChosen:
    """The person corrects a page from the review; None is that of the Chinese name."""

    page: int | None


@dataclass(frozen=True, slots=True)
class FormConfirmed:
    """The person says that the form is right."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The person declares that the form is true and complete."""


@dataclass(frozen=True, slots=True)
class LeftForLater:
    """The person goes on later."""


@dataclass(frozen=True, slots=True)
class OfficerWanted:
    """An officer shall do the rest."""


@dataclass(frozen=True, slots=True)
class FormKept:
    """It is on the disk."""


@dataclass(frozen=True, slots=True)
class ReadLongEnough:
    """A screen that only tells something was shown for its time."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The person touched finish."""


@dataclass(frozen=True, slots=True)
class AskedForStaff:
    """The person called staff."""


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Nobody has touched the bench for long, and nobody wanted more time."""


@dataclass(frozen=True, slots=True)
class EquipmentFailed:
    """Something did what no row here answers."""


Event: TypeAlias = (
    Started
    | CameraMissing
    | CameraBack
    | TagShown
    | OtherCodeShown
    | FormFetched
    | FormNotFetched
    | PageFilled
    | FieldTyped
    | CharactersSought
    | CharacterTaken
    | CharacterDropped
    | CharacterChosen
    | CodeChosen
    | NameDone
    | WentBack
    | PageChosen
    | FormConfirmed
    | Declared
    | LeftForLater
    | OfficerWanted
    | FormKept
    | ReadLongEnough
    | Finished
    | AskedForStaff
    | PersonLeft
    | EquipmentFailed
)


# Tasks


@dataclass(frozen=True, slots=True)
class WatchForTag:
    """Look through the camera until a code of ours is seen."""


@dataclass(frozen=True, slots=True)
class FetchForm:
    """Ask the office for the form of a tag."""

    token: str


@dataclass(frozen=True, slots=True)
class KeepPage:
    """Keep the form as it is now; the person goes on meanwhile."""

    form: Form


@dataclass(frozen=True, slots=True)
class KeepForm:
    """Keep the form and say so."""

    form: Form


@dataclass(frozen=True, slots=True)
class HandOver:
    """Keep the form, and that an officer goes on with it at a booth."""

    form: Form


@dataclass(frozen=True, slots=True)
class ShowFor(ForReading):
    """Leave the screen for the person to read."""

    seconds: float


Task: TypeAlias = WatchForTag | FetchForm | KeepPage | KeepForm | HandOver | ShowFor

TELL_S = 12.0
DONE_S = 15.0
NAME_PAGE = 0
"""After it comes the page of the Chinese name."""


def enter(state: State) -> Step[State, Task]:
    """Return the step into a state, with what the station has to do there."""
    match state:
        case Welcome():
            return Step(state, (WatchForTag(),))
        case FetchingForm(token):
            return Step(state, (FetchForm(token),))
        case Saving(form):
            return Step(state, (KeepForm(form),))
        case HandingOver(form):
            return Step(state, (HandOver(form),))
        case NoFormHere():
            return Step(state, (ShowFor(TELL_S),))
        case FormDone() | HandedOver() | AskStaff():
            return Step(state, (ShowFor(DONE_S),))
        case _:
            return Step(state)


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case Welcome(), Started():
            return enter(state)
        case Welcome(camera=True), CameraMissing():
            return enter(Welcome(camera=False))
        case Welcome(camera=False), CameraBack():
            return enter(Welcome())
        case Welcome(), TagShown(token):
            return enter(FetchingForm(token))
        case Welcome(), OtherCodeShown():
            return enter(NoFormHere(NoForm.UNREADABLE))

        case FetchingForm(), FormFetched(form):
            return enter(_first_page(form))
        case FetchingForm(), FormNotFetched(reason):
            return enter(NoFormHere(reason))

        case Filling(form, page, correcting), FieldTyped(particulars):
            changed = replace(form, particulars=particulars)
            return _kept(Step(Filling(changed, page, correcting, typing=True)), changed)
        case Filling(form, page, correcting), PageFilled(particulars):
            changed = replace(form, particulars=particulars)
            return _kept(enter(_page_after(changed, page, correcting)), changed)
        case Filling(form, _, True) | NamingInChinese(form, True, place=None), WentBack():
            return enter(Reviewing(form))
        case Filling(form, page), WentBack() if page == NAME_PAGE + 1:
            return enter(NamingInChinese(form))
        case Filling(form, page), WentBack() if page > 0:
            return enter(Filling(form, max(one for one in pages_of(form.kind) if one < page)))

        case NamingInChinese(form, correcting), CharactersSought(text):
            return enter(NamingInChinese(form, correcting, sought=text))
        case NamingInChinese(form, correcting), CharacterTaken(character):
            changed = replace(form, particulars=with_character(form.particulars, character))
            return _kept(enter(NamingInChinese(changed, correcting)), changed)
        case NamingInChinese(form, correcting), CharacterDropped():
            changed = replace(form, particulars=without_last(form.particulars))
            return _kept(enter(NamingInChinese(changed, correcting)), changed)
        case NamingInChinese(form, correcting), CharacterChosen(place) if _has(form, place):
            return enter(NamingInChinese(form, correcting, place=place))
        case NamingInChinese(form, correcting, place=int(place)), CodeChosen(code):
            changed = replace(form, particulars=with_code(form.particulars, place, code))
            return _kept(enter(NamingInChinese(changed, correcting)), changed)
        case NamingInChinese(form, correcting, place=int()), WentBack():
            return enter(NamingInChinese(form, correcting))
        case NamingInChinese(form), WentBack():
            return enter(Filling(form, NAME_PAGE))
        case NamingInChinese(form, correcting), NameDone():
            changed = replace(form, particulars=with_codes(form.particulars))
            after = Reviewing(changed) if correcting else Filling(changed, NAME_PAGE + 1)
            return _kept(enter(after), changed)

        case Reviewing(form), PageChosen(None):
            return enter(NamingInChinese(form, correcting=True))
        case Reviewing(form), PageChosen(int(page)) if page in pages_of(form.kind):
            return enter(Filling(form, page, correcting=True))
        case Reviewing(form), WentBack():
            return enter(Filling(form, len(PAGES) - 1))
        case Reviewing(form), FormConfirmed():
            return enter(ChoosingHow(form) if form.particulars.missing() else Declaring(form))
        case Declaring(form), WentBack():
            return enter(Reviewing(form))
        case Declaring(form), Declared():
            return enter(Saving(form))
        case ChoosingHow(form), WentBack():
            return enter(_first_page(form))
        case ChoosingHow(form), LeftForLater():
            return enter(Saving(form))
        case ChoosingHow(form), OfficerWanted():
            return enter(HandingOver(form))
        case HandingOver(form), FormKept():
            return enter(HandedOver(form.number))
        case Saving(form), FormKept():
            return enter(FormDone(form.number, complete=not form.particulars.missing()))

        case _:
            return _way_out(state, event)


def _way_out(state: State, event: Event) -> Step[State, Task]:
    """Return what every state has: it was read, the person left or wants help, something failed."""
    match state, event:
        case (
            NoFormHere() | FormDone() | HandedOver() | AskStaff(),
            ReadLongEnough() | Finished() | PersonLeft() | EquipmentFailed(),
        ):
            return enter(Welcome())
        case _, PersonLeft() if isinstance(state, WITH_FORM):
            return enter(Welcome())
        case _, AskedForStaff() if isinstance(state, WITH_FORM):
            return enter(ChoosingHow(state.form))
        case Welcome(), EquipmentFailed():
            return Step(Welcome(camera=False), (ShowFor(TELL_S),))
        case Welcome(), ReadLongEnough():
            return Step(state, (WatchForTag(),))
        case _, EquipmentFailed() if isinstance(
            state, WITH_FORM | FetchingForm | Saving | HandingOver
        ):
            return enter(AskStaff())
        case _:
            return Step(state)


def _first_page(form: Form) -> State:
    """Begin where the first gap is: what was filled in before is not asked again."""
    missing = form.particulars.missing()
    return Filling(form, page_of(missing[0])) if missing else Reviewing(form)


def _page_after(form: Form, page: int, correcting: bool) -> State:
    if not correcting and page == NAME_PAGE:
        return NamingInChinese(form)
    later = [one for one in pages_of(form.kind) if one > page]
    return Reviewing(form) if correcting or not later else Filling(form, later[0])


def _kept(step: Step[State, Task], form: Form) -> Step[State, Task]:
    return Step(step.state, (KeepPage(form), *step.tasks))


def _has(form: Form, place: int) -> bool:
    return 0 <= place < len(form.particulars.chinese_name)
