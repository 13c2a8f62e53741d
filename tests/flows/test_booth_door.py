"""Stories of the door and the list of duties, told without devices, network or screen."""

from typing import Any

from booth import desk, door
from booth.duties import oversight, registration
from booth.duties import queueing as queue
from booth.duties.shared import BackAsked, CaseOpened, Duty, Failed, HomeAsked, Note, WorkFetched
from booth.screens import samples
from common.domain.officer import Role
from common.domain.queue import Stage
from common.flow.machine import Visit

OFFICER = samples.OFFICER


class Story:
    def __init__(self, start, next_step):
        self.tasks: list[Any] = []
        self.visit = Visit(
            start, next_step, lambda task, _: self.tasks.append(task), lambda _: None
        )

    def _run(self, task, _stay):
        self.tasks.append(task)

    def tell(self, *events):
        for event in events:
            self.visit.happened(event)
        return self


def at_door():
    return Story(door.SignedOut(), door.next_step)


def at_desk():
    return Story(desk.Home(), desk.next_step).tell(desk.Started())


def test_an_officer_signs_in_and_out():
    story = at_door().tell(door.SignInAsked("lam.ks", "secret"))
    assert story.tasks == [door.SignIn("lam.ks", "secret")]
    story.tell(door.SignedIn(OFFICER))
    assert story.visit.state == door.In(OFFICER)
    story.tell(door.SignOutAsked())
    assert story.tasks[-1] == door.SignOut(OFFICER.token)
    assert story.visit.state == door.SignedOut()


def test_a_wrong_password_is_told_and_a_password_is_never_shown():
    story = at_door().tell(door.SignInAsked("lam.ks", "secret"))
    assert "secret" not in repr(story.tasks)
    story.tell(door.SignInFailed(Note.WRONG_SIGN_IN))
    assert story.visit.state == door.SignedOut(Note.WRONG_SIGN_IN)


def test_an_idle_desk_is_locked_until_the_same_officer_is_back():
    story = at_door().tell(door.SignInAsked("lam.ks", "x"), door.SignedIn(OFFICER))
    story.tell(door.OfficerIdle(), door.OfficerIdle())
    assert story.visit.state == door.Locked(OFFICER)
    story.tell(door.UnlockAsked("wrong"), door.SignInFailed(Note.WRONG_SIGN_IN))
    assert story.visit.state == door.Locked(OFFICER, Note.WRONG_SIGN_IN)
    again = OFFICER.model_copy(update={"token": "another-session"})
    story.tell(door.UnlockAsked("x"), door.SignedIn(again))
    assert story.tasks[-1] == door.SignIn("lam.ks", "x")
    assert story.visit.state == door.In(again)


def test_a_double_click_on_sign_in_asks_once():
    story = at_door().tell(door.SignInAsked("a", "b"), door.SignInAsked("a", "b"))
    assert len(story.tasks) == 1


def test_roles_decide_which_duties_are_offered():
    assert desk.allowed((Role.PRODUCTION, Role.COUNTER)) == (Duty.PRODUCTION, Duty.COUNTER)
    assert desk.allowed((Role.RECEPTION,)) == ()
    assert desk.allowed(tuple(Role)) == tuple(Duty)


def test_a_duty_is_opened_worked_in_and_left():
    story = at_desk().tell(desk.LineSeen(desk.Line(3, 0, online=True)))
    assert story.visit.state == desk.Home(desk.Line(3, 0, online=True))
    story.tell(desk.DutyChosen(Duty.REGISTRATION), queue.NoCaseOpen())
    assert story.visit.state == desk.AtDuty(Duty.REGISTRATION, queue.Ready(Stage.BOOTH))
    story.tell(HomeAsked())
    assert story.visit.state == desk.Home()
    assert story.tasks[-1] == desk.LookAtLine()


def test_signing_out_leaves_the_duty_and_a_late_answer_opens_nothing():
    story = at_desk().tell(desk.DutyChosen(Duty.REGISTRATION))
    stay = story.visit.stay
    story.tell(door.SignOutAsked())
    story.visit.answered(CaseOpened(samples.CASE), stay)
    assert story.visit.state == desk.Home()


def test_a_line_that_changes_does_not_disturb_an_open_case():
    story = at_desk().tell(desk.DutyChosen(Duty.REGISTRATION), CaseOpened(samples.CASE))
    before, stay = story.visit.state, story.visit.stay
    story.tell(desk.LineSeen(desk.Line(9, 1, online=False)))
    assert story.visit.state == before
    assert not stay.left.is_set()


def test_a_double_click_calls_one_tag():
    story = at_desk().tell(desk.DutyChosen(Duty.REGISTRATION), queue.NoCaseOpen())
    story.tell(queue.CallAsked(), queue.CallAsked())
    assert story.tasks.count(queue.CallNext(Stage.BOOTH)) == 1


def test_a_case_with_something_missing_is_not_previewed():
    story = Story(registration.AtCase(samples.handed_off()), registration.next_step)
    story.tell(registration.PreviewAsked(samples.CASE_ID))
    assert story.visit.state.note is Note.NOT_COMPLETE


def test_one_photograph_is_not_enough():
    one, other = registration.Shot(b"one"), registration.Shot(b"other")
    story = Story(registration.Photographing(samples.CASE, (one,)), registration.next_step)
    story.tell(registration.ChoiceAsked(), registration.ShotChosen(0))
    assert not story.tasks
    story = Story(registration.Photographing(samples.CASE, (one, other)), registration.next_step)
    story.tell(registration.ChoiceAsked(), registration.ShotChosen(7))
    assert not story.tasks
    story.tell(registration.ShotChosen(1))
    assert story.tasks == [registration.KeepPortrait(samples.CASE, b"other")]


def test_the_applicant_may_want_another_photograph():
    shots = (registration.Shot(b"one"), registration.Shot(b"other"))
    story = Story(registration.Choosing(samples.CASE, shots), registration.next_step)
    story.tell(BackAsked())
    assert story.visit.state == registration.Photographing(samples.CASE, shots)
    assert story.tasks == [registration.ShowCamera()]


def test_one_photograph_is_taken_again_in_its_place():
    shots = (registration.Shot(b"one"), registration.Shot(b"other"))
    story = Story(registration.Photographing(samples.CASE, shots), registration.next_step)
    story.tell(registration.RetakeAsked(2))
    assert not story.tasks
    story.tell(registration.RetakeAsked(0), registration.ShotTaken(registration.Shot(b"new")))
    assert [shot.jpeg for shot in story.visit.state.shots] == [b"new", b"other"]
    story.tell(registration.RetakeAsked(1), Failed(Note.NO_FACE))
    assert [shot.jpeg for shot in story.visit.state.shots] == [b"new", b"other"]


def test_there_are_at_most_six_photographs_and_even_then_one_is_taken_again():
    shots = 6 * (registration.Shot(b"one"),)
    story = Story(registration.Photographing(samples.CASE, shots), registration.next_step)
    story.tell(registration.ShotAsked())
    assert not story.tasks
    story.tell(registration.RetakeAsked(5), registration.ShotTaken(registration.Shot(b"new")))
    assert len(story.visit.state.shots) == 6


def test_a_portrait_that_could_not_be_kept_can_be_chosen_again():
    shots = (registration.Shot(b"one"), registration.Shot(b"other"))
    story = Story(registration.KeepingPortrait(samples.CASE, shots, 0), registration.next_step)
    story.tell(Failed(Note.UNREACHABLE))
    assert story.visit.state == registration.Choosing(samples.CASE, shots, Note.UNREACHABLE)


def test_all_tries_to_submit_use_the_same_key():
    story = Story(
        registration.Previewing(samples.photographed(), samples.CASE_ID), registration.next_step
    )
    story.tell(registration.SubmitAsked(), registration.SubmitAsked(), Failed(Note.UNREACHABLE))
    story.tell(registration.SubmitAsked())
    assert [task.key for task in story.tasks] == [samples.CASE_ID] * 2


def test_the_supervisor_sees_numbers_and_troubles():
    story = Story(oversight.Counting(), oversight.next_step)
    story.tell(WorkFetched(()), Failed(Note.UNREACHABLE))
    assert story.visit.state == oversight.Overview(None, Note.UNREACHABLE)
