"""The simulated devices behind SBI: a fingerprint scanner, a face camera."""

from collections.abc import Mapping
from typing import Any

from PIL import Image

from hardware.simulation.papers import picture_in
from hardware.simulation.sbi_device import SimulatedSbi
from hardware.simulation.sbi_records import DOTS_PER_INCH, POSITIONS, face_record, finger_record
from hardware.simulation.world import ImpossibleError

GLASS = (320, 400)


class SimulatedSbiFinger(SimulatedSbi):
    """A fingerprint scanner, "Single" or "Slap" by its option sub_type.

    Verbs besides: place {png: picture in base64, dpi: 500, finger: a name, where only that one
    lies there}, lift {}.
    """

    TYPE = "Finger"
    SUB_TYPE = "Single"

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Lay a finger on the glass, or lift all of them."""
        match verb:
            case "place":
                finger = str(arguments.get("finger", ""))
                if finger not in ("", *POSITIONS):
                    raise ImpossibleError("nobody has such a finger")
                dots = int(arguments.get("dpi", DOTS_PER_INCH))
                self.scene.put(finger, _on_glass(picture_in(arguments["png"]).convert("L"), dots))
            case "lift":
                self.scene.clear()
            case _:
                return super().act(verb, arguments)
        return self.state()

    def record(self, picture: Image.Image, name: str, score: int) -> bytes:
        """Return the finger's record."""
        return finger_record(picture, name, score)


class SimulatedSbiFace(SimulatedSbi):
    """A face camera. Verbs besides: show {png: picture in base64}, clear {}."""

    TYPE = "Face"
    SUB_TYPE = "Full face"

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Step before the camera, or away."""
        match verb:
            case "show":
                self.scene.put("", picture_in(arguments["png"]).convert("RGB"))
            case "clear":
                self.scene.clear()
            case _:
                return super().act(verb, arguments)
        return self.state()

    def record(self, picture: Image.Image, name: str, score: int) -> bytes:
        """Return the face's record."""
        del name
        return face_record(picture, score)


def _on_glass(picture: Image.Image, dots_per_inch: int) -> Image.Image:
    """Lay a finger's picture on the glass, at its resolution."""
    if dots_per_inch <= 0:
        raise ImpossibleError("a picture without a resolution")
    scale = DOTS_PER_INCH / dots_per_inch
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    finger = picture.resize(size, Image.Resampling.LANCZOS) if scale != 1 else picture
    glass = Image.new("L", GLASS, 255)
    glass.paste(finger, ((GLASS[0] - finger.width) // 2, (GLASS[1] - finger.height) // 2))
    return glass
