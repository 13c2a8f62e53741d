"""Random applicants at a real collection kiosk, with random mishaps: nobody is stuck or wronged.

SMARTICS_APPLICANTS says how many come, one after the other; SMARTICS_SEED who they are. The clocks
of the camera's patience and of the card at the gate run fast; everything else is as on the floor.
"""

import os
from collections import Counter
from random import Random

import pytest

from kiosk_collection import visit as v
from tests.support.applicants import Applicant, Story
from tests.support.backend_office import office_settings, running_office
from tests.support.collection_floor import Floor
from tests.support.collection_kiosk import collection_kiosk

APPLICANTS = int(os.environ.get("SMARTICS_APPLICANTS", "6"))
SEED = int(os.environ.get("SMARTICS_SEED", "5"))
OFFICERS = ("reg-officer", "assessor", "maker")


@pytest.fixture(scope="module")
def floor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("floor")
    with (
        running_office(office_settings(folder, OFFICERS)) as office,
        collection_kiosk(folder / "kiosk", office) as kiosk,
    ):
        kiosk.until(v.Welcome)
        yield Floor(kiosk)


def serve(floor: Floor, applicant: Applicant) -> str:
    """Let one person come, and return what became of them."""
    errand = applicant.errand(floor)
    floor.insert(errand.old)
    told: list[v.Ending] = []

    def each(state: v.State) -> None:
        floor.check_instant(errand)
        if isinstance(state, v.Ended):
            told.append(state.ending)
        applicant.act(floor, errand, state)

    floor.until(lambda state: isinstance(state, v.Welcome) and floor.is_calm(errand), each)
    floor.mend()
    served = floor.check_rest(errand)
    assert not served or applicant.may_be_served, f"{applicant}: served as somebody else"
    undisturbed = applicant.mishap_was is None and not applicant.has_left
    as_usual = applicant.story is Story.USUAL and undisturbed
    assert served or not as_usual, f"{applicant} was told {told}"
    assert told or served or not undisturbed, f"{applicant} was told nothing"
    floor.clear_away(errand)
    if served:
        return "served"
    if any(ending.kind is v.EndKind.COUNTER for ending in told):
        return "handed over"
    return "walked away" if applicant.has_left else "given the document back"


@pytest.mark.timeout(300 + 60 * APPLICANTS)
def test_nobody_is_stuck_or_served_as_somebody_else(floor, capsys):
    dice, ends = Random(SEED), Counter[str]()
    for number in range(APPLICANTS):
        applicant = Applicant.drawn(dice)
        try:
            ends[serve(floor, applicant)] += 1
        except AssertionError as error:
            error.add_note(f"number {number} of seed {SEED}: {applicant}")
            raise
    with capsys.disabled():
        print(f"\n{APPLICANTS} applicants, 0 stuck: {dict(sorted(ends.items()))}")
    assert ends.total() == APPLICANTS
