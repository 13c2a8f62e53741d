"""What the panel offers follows from what the bench says."""

from office.panel_actions import actions

CARD = {
    "id": "c1",
    "kind": "card",
    "place": "hand.applicant-1",
    "data": {"label": "old card"},
}


def unit(**changes):
    state: dict[str, object] = {
        "station": "tag-1",
        "name": "card_unit",
        "kind": "crt571",
        "faults": [],
        "can_fail": ["jammed", "line_mute", "line_slow", "mute", "unplugged"],
        "gate": None,
        "entry_open": True,
    }
    return state | changes


def offered(devices, things, hands="applicant-1"):
    return [(action.key, action.verb) for action in actions(devices, things, hands)]


def test_a_card_in_the_hand_can_be_inserted_while_the_gate_is_open():
    assert ("office-insert-card", "insert") in offered([unit()], [CARD])
    assert ("office-insert-card", "insert") not in offered([unit(entry_open=False)], [CARD])
    assert ("office-insert-card", "insert") not in offered([unit()], [CARD], "applicant-2")


def test_a_card_at_the_gate_can_be_taken():
    assert offered([unit(gate="c1")], [])[0] == ("office-take-card", "take")


def test_a_pulled_plug_can_be_put_back():
    assert ("office-pull-plug", "fault") in offered([unit()], [])
    assert ("office-plug-in", "fault") in offered([unit(faults=["unplugged"])], [])


def test_an_open_slot_takes_a_card_or_gives_it():
    cabinet = {
        "station": "booth-2",
        "name": "cabinet",
        "kind": "cabinet",
        "faults": [],
        "can_fail": ["unplugged"],
        "open": [3],
        "items": {},
    }
    assert ("office-put-card", "put") in offered([cabinet], [CARD])
    filled = cabinet | {"items": {"3": "c9"}}
    assert ("office-take-from-slot", "take") in offered([filled], [CARD])


def test_a_line_can_be_spoilt_and_is_sound_again():
    assert ("office-mute-line", "fault") in offered([unit()], [])
    assert ("office-garble-line", "fault") not in offered([unit()], [])
    mended = actions([unit(faults=["line_mute"])], [], "applicant-1")
    ends = {"fault": "line_mute", "on": False}
    assert [one.key for one in mended if one.arguments == ends] == ["office-line-sound"]


def test_doors_with_contacts_open_and_shut():
    board = {
        "station": "tag-1",
        "name": "signals",
        "kind": "modbus_signals",
        "faults": [],
        "can_fail": [],
        "inputs": {"tamper": "closed"},
    }
    assert offered([board], []) == [("office-open-input", "open"), ("office-shut-input", "close")]


def test_a_card_is_laid_on_a_document_reader_and_taken_back():
    reader = {
        "station": "booth-1",
        "name": "document_reader",
        "kind": "document_reader",
        "faults": [],
        "can_fail": [],
        "document": False,
    }
    assert offered([reader], [CARD]) == [("office-lay-card", "lay")]
    assert offered([reader | {"document": True}], []) == [("office-take-card", "take")]
