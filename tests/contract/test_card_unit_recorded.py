"""The CRT-571 driver against recorded sessions: literal bytes, and what no simulation does."""

from threading import Event

import pytest

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceFaultError
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus
from tests.support.hardware import recording

OPENED = """
        > F200000343303303B2
        < 06
        < F20000065030333030300394
        > 06
"""
STATUS_INSIDE = """
        > F200000343313003B0
        < 06
        < F20000065031303230300394
        > 06
"""


def test_the_bytes_of_the_manual():
    line = recording(
        """
        > F200000343303303B2
        < 06
        < F2000010503033323230433537315F56312E303003E4
        > 06
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343313003B0
        < 06
        < F20000065031303232300396
        > 06
        > F200000343323003B3
        < 06
        < F20000065032303132300396
        > 06
        > F200000343313003B0
        < 06
        < F20000065031303132300395
        > 06
        > F200000343323303B0
        < 06
        < F20000054E3233313003BA
        > 06
        """
    )
    unit = Crt571(lambda: line)
    unit.open()
    assert unit.status() == UnitStatus(CardPosition.INSIDE, Supply.OK, Seen.NO)
    unit.hold_at_gate()
    with pytest.raises(DeviceFaultError, match="jam 10"):
        unit.capture()
    assert line.finished()


def test_a_garbled_answer_is_asked_for_again():
    line = recording(
        """
        > F200000343303303B2
        < 15
        > F200000343303303B2
        < 06
        < F2000010503033323230433537315F56312E303003E5
        > 15
        < F2000010503033323230433537315F56312E303003E4
        > 06
        > F200000343313003B0
        < 06
        < F2000005453130313203B3
        > 06
        """
    )
    unit = Crt571(lambda: line)
    unit.open()
    assert unit.health().state is DeviceState.HARDWARE_ERROR
    assert line.finished()


def test_a_card_that_slips_in_as_the_gate_shuts_is_accepted():
    line = recording(
        OPENED
        + """
        > F200000343313003B0
        < 06
        < F20000065031303030300396
        > 06
        > F200000343333003B2
        < 06
        < F20000065033303030300394
        > 06
        > F200000343313003B0
        < 06
        < F20000065031303130300397
        > 06
        > F200000343333103B3
        < 06
        < F20000065033313130300394
        > 06
        """
        + STATUS_INSIDE
    )
    unit = Crt571(lambda: line)
    unit.open()
    unit.accept(0.0, Event())
    assert line.finished()


def test_late_words_of_an_earlier_motion_are_no_answer():
    line = recording(
        OPENED
        + """
        > F200000343313003B0
        < F20000065032303130300394
        < 04
        < 06
        < F20000065032303130300394
        > 06
        < F20000065031303130300397
        > 06
        """
    )
    unit = Crt571(lambda: line)
    unit.open()
    assert unit.status().position is CardPosition.GATE
    assert line.finished()


def test_a_chip_that_does_not_start_is_switched_off_again():
    line = recording(
        OPENED
        + STATUS_INSIDE
        + """
        > F200000343323103B2
        < 06
        < F20000065032313230300396
        > 06
        > F20000044351303303E4
        < 06
        < F20000054E5130363103DC
        > 06
        > F200000343513103D1
        < 06
        < F200000650513132303003F5
        > 06
        """
    )
    unit = Crt571(lambda: line)
    unit.open()
    with pytest.raises(DeviceFaultError, match="card_error 61"):
        unit.connect()
    assert line.finished()


def test_a_frame_cut_short_is_asked_for_again():
    line = recording(
        OPENED
        + """
        > F200000343313003B0
        < 06
        < F200
        > 15
        < F20000065031303231300395
        > 06
        """
    )
    unit = Crt571(lambda: line)
    unit.open()
    assert unit.status() == UnitStatus(CardPosition.INSIDE, Supply.LOW, Seen.NO)
    assert line.finished()
