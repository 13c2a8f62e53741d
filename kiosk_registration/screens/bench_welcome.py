"""Nobody is here; a tag held to the camera opens its form."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import Welcome
from kiosk_registration.screens import BENCH_SIZE, HERE

SIZE = BENCH_SIZE


def bench_welcome(state: Welcome) -> Screen:
    """Return the screen."""
    return Screen(HERE / "bench_welcome.qml", {"camera": state.camera, "resets": True})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"ready": bench_welcome(Welcome()), "no_camera": bench_welcome(Welcome(camera=False))}
