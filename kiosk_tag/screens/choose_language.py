"""Which language the interpreter speaks, in its own writing."""

from common.domain.queue import Interpreted
from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, LanguageChosen, WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.choices import PATIENCE_S

NAMES = {
    Interpreted.INDONESIAN: "Bahasa Indonesia",
    Interpreted.TAGALOG: "Tagalog",
    Interpreted.HINDI: "हिन्दी · Hindi",
    Interpreted.NEPALI: "नेपाली · Nepali",
    Interpreted.PUNJABI: "ਪੰਜਾਬੀ · Punjabi",
    Interpreted.THAI: "ไทย · Thai",
    Interpreted.URDU: "اردو · Urdu",
    Interpreted.VIETNAMESE: "Tiếng Việt",
}


def choose_language() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "choose_language.qml",
        {"options": [{"value": str(one), "text": NAMES[one]} for one in Interpreted]},
        {
            "language": lambda chosen: LanguageChosen(Interpreted(chosen)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_language()}
