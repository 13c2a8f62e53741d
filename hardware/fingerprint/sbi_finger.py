"""Driver for fingerprint scanners behind MOSIP's Secure Biometric Interface 0.9.5.

Tried on the simulated service only.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from threading import Event
from time import monotonic

from hardware.core.device import Health
from hardware.core.errors import DeviceFaultError, DeviceTimeoutError, RequestCancelledError
from hardware.core.http_link import HttpLink
from hardware.core.waiting import pause
from hardware.fingerprint.interface import FingerImage
from hardware.sbi.biometrics import UNKNOWN, BioType, Slap, Wanted, slap_of
from hardware.sbi.captures import Captured
from hardware.sbi.device import SbiDevice, Settings
from hardware.sbi.devices import DigitalId
from hardware.sbi.records import finger_picture

SLAP_SCANNER = "slap"
PROBE_S = 0.5
ANY_SCORE = 1
AGAIN_S = 0.1


class SbiFinger:
    """One scanner; a FingerprintScanner, and more for slaps and signed records.

    Attributes:
        device: The device itself, for its identity and for authentication.
    """

    def __init__(
        self,
        address: str,
        link_to: Callable[[str], HttpLink],
        settings: Settings,
        finger: str = UNKNOWN,
    ) -> None:
        """Remember where it is; finger is the bioSubType that capture() asks for.

        A slap scanner gives a single finger only by its name.
        """
        if finger != UNKNOWN:
            slap_of(finger)
        self.device = SbiDevice(address, link_to, BioType.FINGER, settings)
        self._finger = finger

    def open(self) -> None:
        """Find the scanner and believe it, or not; raises as SbiDevice.open."""
        self.device.open()

    def close(self) -> None:
        """Release the service."""
        self.device.close()

    def health(self) -> Health:
        """Ask the service how its scanner is."""
        return self.device.health()

    def identity(self, cancelled: Event) -> DigitalId:
        """Have the scanner sign once more who it is."""
        return self.device.identity(cancelled)

    def capture(self, timeout_s: float, cancelled: Event) -> FingerImage:
        """Wait for a finger and return its image.

        Raises:
            AnswerRefusedError: The image is not to be believed; its reason says why.
            DeviceBusyError: Another program captured all the time. Otherwise as the interface has.
        """
        captured = self.capture_record(timeout_s, cancelled)
        picture = finger_picture(captured.record, captured.sub_type)
        return FingerImage(picture.pixels, picture.width, picture.height, picture.dots_per_inch)

    def capture_record(self, timeout_s: float, cancelled: Event) -> Captured:
        """Wait for a finger and return its signed ISO record; raises as capture()."""
        return self.device.capture(self._wanted(), timeout_s, cancelled)[0]

    def capture_slap(
        self, slap: Slap, missing: Collection[str], timeout_s: float, cancelled: Event
    ) -> list[Captured]:
        """Wait for four fingers or two thumbs; those in missing are not asked for.

        Raises:
            ValueError: No finger is left. Otherwise as capture().
        """
        fingers = tuple(name for name in slap.fingers if name not in missing)
        if not fingers:
            raise ValueError("a slap of no finger")
        return self.device.capture(self._of_slap(slap, fingers), timeout_s, cancelled)

    def wait_lifted(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until no finger rests on the glass.

        SBI has no word for it, so short captures are tried until one finds nobody.
        """
        deadline = monotonic() + timeout_s
        wanted = replace(self._wanted(), score=ANY_SCORE)
        while True:
            left_s = max(0.0, deadline - monotonic())
            try:
                self.device.capture(wanted, min(PROBE_S, left_s), cancelled)
            except DeviceTimeoutError:
                return
            pause(min(AGAIN_S, left_s), cancelled)
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            if monotonic() >= deadline:
                raise DeviceTimeoutError(f"the finger was not lifted within {timeout_s:g} s")

    def _wanted(self) -> Wanted:
        score = self.device.settings.score
        if self.device.info.digital_id.sub_type.lower() != SLAP_SCANNER:
            return Wanted(BioType.FINGER, (self._finger,), score=score)
        if self._finger == UNKNOWN:
            raise DeviceFaultError("no_finger_named", detail="a slap scanner asks for its name")
        return self._of_slap(slap_of(self._finger), (self._finger,))

    def _of_slap(self, slap: Slap, fingers: tuple[str, ...]) -> Wanted:
        """Ask for some fingers of a slap: count and exceptions must make it whole."""
        others = tuple(name for name in slap.fingers if name not in fingers)
        return Wanted(BioType.FINGER, fingers, others, str(slap.value), self.device.settings.score)
