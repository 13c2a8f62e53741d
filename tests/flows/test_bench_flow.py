"""Stories of the form-filling bench."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from common.flow.draw import dead_ends, draw
from common.wire.shapes import Particulars
from kiosk_registration import bench_flow as flow
from kiosk_registration.bench_flow import (
    AskedForStaff,
    AskStaff,
    CameraBack,
    CameraMissing,
    CharacterChosen,
    CharacterDropped,
    CharactersSought,
    CharacterTaken,
    ChoosingHow,
    CodeChosen,
    Declared,
    Declaring,
    EquipmentFailed,
    FetchForm,
    FetchingForm,
    FieldTyped,
    Filling,
    Finished,
    Form,
    FormConfirmed,
    FormDone,
    FormFetched,
    FormKept,
    FormNotFetched,
    HandedOver,
    HandingOver,
    HandOver,
    KeepForm,
    KeepPage,
    LeftForLater,
    NameDone,
    NamingInChinese,
    NoForm,
    NoFormHere,
    OfficerWanted,
    OtherCodeShown,
    PageChosen,
    PageFilled,
    PersonLeft,
    ReadLongEnough,
    Reviewing,
    Saving,
    ShowFor,
    Started,
    TagShown,
    WatchForTag,
    Welcome,
    WentBack,
    next_step,
)
from kiosk_registration.form import PAGE_NAMES, PAGES, FormKind
from tests.support.stories import Story, check_drawing

DAY = date(2026, 3, 1)
EMPTY = Form(UUID(int=1), "A001", Particulars(), DAY)
WHOLE = Form(
    UUID(int=1),
    "A001",
    Particulars(
        surname="CHAN",
        given_names="TAI MAN",
        sex="M",
        date_of_birth=date(1980, 5, 6),
        place_of_birth="HONG KONG",
        nationality="CHINESE",
        marital_status="single",
        address="1 SAMPLE STREET",
        telephone="55550123",
    ),
    DAY,
)
NAMED = replace(WHOLE, particulars=WHOLE.particulars.model_copy(update={"chinese_name": "陳栢"}))
STATES: list[flow.State] = [
    Welcome(),
    Welcome(camera=False),
    FetchingForm("tag"),
    NoFormHere(NoForm.UNKNOWN),
    Filling(EMPTY),
    Filling(EMPTY, 2),
    Filling(WHOLE, len(PAGES) - 1),
    Filling(WHOLE, 1, correcting=True),
    NamingInChinese(NAMED),
    NamingInChinese(NAMED, sought="can"),
    NamingInChinese(NAMED, correcting=True, place=0),
    Reviewing(WHOLE),
    Reviewing(EMPTY),
    Declaring(WHOLE),
    ChoosingHow(WHOLE),
    ChoosingHow(EMPTY),
    HandingOver(EMPTY),
    HandedOver("A001"),
    Saving(WHOLE),
    FormDone("A001", complete=True),
    AskStaff(),
]
EVENTS: list[flow.Event] = [
    Started(),
    CameraMissing(),
    CameraBack(),
    TagShown("tag"),
    OtherCodeShown(),
    FormFetched(EMPTY),
    FormNotFetched(NoForm.UNKNOWN),
    PageFilled(WHOLE.particulars),
    FieldTyped(WHOLE.particulars),
    CharactersSought("7115"),
    CharacterTaken("陳"),
    CharacterDropped(),
    CharacterChosen(0),
    CodeChosen("7115"),
    NameDone(),
    WentBack(),
    PageChosen(1),
    PageChosen(None),
    FormConfirmed(),
    Declared(),
    LeftForLater(),
    OfficerWanted(),
    FormKept(),
    ReadLongEnough(),
    Finished(),
    AskedForStaff(),
    PersonLeft(),
    EquipmentFailed(),
]


def story(*events):
    return Story(Welcome(), next_step, Started()).tell(*events)


def at_form(form=EMPTY, *events):
    return story(TagShown("tag"), FormFetched(form), *events)


def test_a_form_is_filled_in_page_by_page_and_each_page_is_kept():
    told = at_form(EMPTY)
    assert told.tasks == [WatchForTag(), FetchForm("tag")]
    for number in range(len(PAGES)):
        assert told.state.page == number
        told.tell(PageFilled(WHOLE.particulars))
        if number == 0:
            assert told.state == NamingInChinese(WHOLE)
            told.tell(NameDone())
    assert told.state == Reviewing(WHOLE)
    assert told.asked(KeepPage) == [KeepPage(WHOLE)] * (len(PAGES) + 1)
    assert told.tell(FormConfirmed()).state == Declaring(WHOLE)
    assert told.tell(WentBack()).state == Reviewing(WHOLE)
    told.tell(FormConfirmed(), Declared())
    assert told.asked(KeepForm) == [KeepForm(WHOLE)]
    assert told.tell(FormKept()).state == FormDone("A001", complete=True)


def test_a_form_begun_elsewhere_goes_on_at_its_first_gap():
    begun = WHOLE.particulars.model_copy(update={"telephone": ""})
    assert at_form(replace(WHOLE, particulars=begun)).state.page == len(PAGES) - 1
    assert at_form(WHOLE).state == Reviewing(WHOLE)


def test_gaps_are_allowed_and_said():
    first, *others = [PageFilled(Particulars())] * len(PAGES)
    told = at_form(EMPTY, first, NameDone(), *others, FormConfirmed())
    assert told.state == ChoosingHow(EMPTY)
    assert told.tell(WentBack()).state == Filling(EMPTY, 0)
    told = Story(ChoosingHow(EMPTY), next_step, LeftForLater()).tell(FormKept())
    assert told.state == FormDone("A001", complete=False)


def test_an_officer_does_the_rest_where_that_is_wanted():
    told = at_form(EMPTY, FieldTyped(WHOLE.particulars), AskedForStaff())
    assert told.state == ChoosingHow(WHOLE)
    told.tell(OfficerWanted())
    assert told.asked(HandOver) == [HandOver(WHOLE)]
    assert told.tell(FormKept()).state == HandedOver("A001")
    assert told.tell(ReadLongEnough()).state == Welcome()


def test_who_called_staff_by_mistake_goes_on_where_the_form_stands():
    assert at_form(WHOLE, AskedForStaff(), WentBack()).state == Reviewing(WHOLE)


def test_who_leaves_loses_nothing():
    told = at_form(EMPTY, PageFilled(WHOLE.particulars), PersonLeft())
    assert told.state == Welcome()
    assert told.asked(KeepPage) == [KeepPage(WHOLE)]


def test_back_and_corrections():
    told = at_form(EMPTY, PageFilled(Particulars()), NameDone())
    assert told.state == Filling(EMPTY, 1)
    assert told.tell(WentBack()).state == NamingInChinese(EMPTY)
    assert told.tell(WentBack()).state == Filling(EMPTY, 0)
    told = at_form(WHOLE, PageChosen(2))
    assert told.state == Filling(WHOLE, 2, correcting=True)
    assert told.tell(WentBack()).state == Reviewing(WHOLE)
    assert at_form(WHOLE, PageChosen(2), PageFilled(WHOLE.particulars)).state == Reviewing(WHOLE)
    assert at_form(WHOLE, PageChosen(99)).state == Reviewing(WHOLE)


def test_each_field_is_kept_as_it_is_typed_and_the_page_stays():
    told = at_form(EMPTY, FieldTyped(WHOLE.particulars))
    assert told.state == Filling(WHOLE, 0, typing=True)
    assert told.asked(KeepPage) == [KeepPage(WHOLE)]
    assert told.tell(PersonLeft()).state == Welcome()


def test_a_child_is_led_past_the_pages_that_do_not_concern_it():
    born = WHOLE.particulars.model_copy(update={"date_of_birth": date(2018, 1, 1)})
    child = replace(WHOLE, particulars=born)
    assert child.kind is FormKind.CHILD
    work = PAGE_NAMES.index("work")
    told = at_form(child, PageChosen(work))
    assert told.state == Reviewing(child)
    told = Story(Filling(child, work - 1), next_step, PageFilled(born))
    assert told.state == Filling(child, work + 1)
    assert told.tell(WentBack()).state == Filling(child, work - 1)


def test_a_chinese_name_is_put_together_and_its_codes_are_chosen():
    told = at_form(WHOLE, PageChosen(None))
    told.tell(CharactersSought("can"))
    assert told.state == NamingInChinese(WHOLE, correcting=True, sought="can")
    told.tell(CharacterTaken("陳"), CharacterTaken("大"), CharacterDropped(), CharacterTaken("栢"))
    assert told.state.form.particulars.chinese_codes == "7115 0000"
    told.tell(CharacterChosen(7))
    assert told.state.place is None
    told.tell(CharacterChosen(1))
    assert told.state.place == 1
    assert told.tell(WentBack()).state.place is None
    told.tell(CharacterChosen(1), CodeChosen("2672"), NameDone())
    assert told.state.form.particulars.chinese_codes == "7115 2672"
    assert isinstance(told.state, Reviewing)
    assert told.asked(KeepPage)[-1] == KeepPage(told.state.form)


def test_a_code_of_somebody_else_is_told_apart_from_one_of_another_day():
    assert story(OtherCodeShown()).state == NoFormHere(NoForm.UNREADABLE)
    told = story(TagShown("old"), FormNotFetched(NoForm.OTHER_DAY))
    assert told.state == NoFormHere(NoForm.OTHER_DAY)


def test_no_connection_is_said_and_ends():
    told = story(TagShown("tag"), FormNotFetched(NoForm.NO_CONNECTION))
    assert told.state == NoFormHere(NoForm.NO_CONNECTION)
    assert told.tell(ReadLongEnough()).state == Welcome()


def test_a_missing_camera_is_said_until_it_is_back():
    told = story(CameraMissing(), CameraMissing())
    assert told.state == Welcome(camera=False)
    assert len(told.asked(WatchForTag)) == 2
    assert told.tell(CameraBack()).state == Welcome()


def test_an_unforeseen_fault_on_the_welcome_screen_pauses_before_the_next_try():
    told = story(EquipmentFailed())
    assert told.state == Welcome(camera=False)
    assert isinstance(told.tasks[-1], ShowFor)
    assert told.tell(ReadLongEnough()).tasks[-1] == WatchForTag()


def test_a_late_form_never_reaches_the_next_visitor():
    told = story(TagShown("first"), EquipmentFailed(), ReadLongEnough())
    told.answer_late(FormFetched(WHOLE), FetchForm)
    assert told.state == Welcome()


def answer(state):
    match state:
        case FetchingForm():
            return FormNotFetched(NoForm.UNKNOWN)
        case Saving() | HandingOver():
            return FormKept()
        case Welcome():
            return CameraBack()
        case _:
            return ReadLongEnough()


@given(
    st.lists(st.sampled_from(EVENTS), max_size=25),
    st.lists(st.sampled_from([PersonLeft(), EquipmentFailed()]), min_size=1, max_size=6),
)
def test_from_anywhere_the_bench_comes_back_to_a_welcome_that_knows_nobody(history, ends):
    told = story(*history, *ends)
    for _ in range(6):
        if told.state == Welcome():
            break
        told.tell(answer(told.state), PersonLeft())
    assert told.state == Welcome()


def test_every_state_has_a_way_out():
    assert {type(state) for state in STATES} == set(flow.State.__args__)
    assert {type(event) for event in EVENTS} == set(flow.Event.__args__)
    assert not dead_ends(draw(next_step, STATES, EVENTS))


def test_the_drawing_in_the_readme_is_current():
    everywhere = (PersonLeft, EquipmentFailed, AskedForStaff, Started, Finished)
    shown = [event for event in EVENTS if not isinstance(event, everywhere)]
    check_drawing(
        Path(flow.__file__).with_name("README.md"), draw(next_step, STATES, shown), number=1
    )
