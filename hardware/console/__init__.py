"""What a technician does with a station's devices: list, test, watch, record, replay, find."""

from hardware.console.entries import Configured, Entry, Outcome, Step, StepOutcome
from hardware.console.finding import Sighting, find_devices
from hardware.console.listing import list_devices
from hardware.console.recording import Recording, read_recorded, record_device
from hardware.console.replaying import Replayed, replay_device
from hardware.console.self_testing import Consent, self_test_devices
from hardware.console.sights import Change
from hardware.console.watching import watch_devices

__all__ = [
    "Change",
    "Configured",
    "Consent",
    "Entry",
    "Outcome",
    "Recording",
    "Replayed",
    "Sighting",
    "Step",
    "StepOutcome",
    "find_devices",
    "list_devices",
    "read_recorded",
    "record_device",
    "replay_device",
    "self_test_devices",
    "watch_devices",
]
