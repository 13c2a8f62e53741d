"""Asks this machine's CUPS for its queues (CUPS-Get-Printers, operation 4002)."""

from collections.abc import Iterable

from hardware.core.device import Found
from hardware.core.errors import DeviceError
from hardware.core.http_link import RealHttpLink
from hardware.printer.ipp_codec import Group, IppFormatError, Message, Tag, Value, decode, encode
from hardware.printer.ipp_queue import MEDIA_TYPE, PORT
from hardware.printer.ipp_words import keywords, text

CUPS_GET_PRINTERS = 0x4002
LOOK_S = 0.5
HERE = f"http://localhost:{PORT}"


def find_queues(service: str = HERE) -> Iterable[Found]:
    """Find the queues of a CUPS; none where there is no CUPS."""
    request = Message(
        CUPS_GET_PRINTERS,
        1,
        (
            (
                Group.OPERATION,
                {
                    "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
                    "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
                    "requested-attributes": keywords("printer-name", "printer-make-and-model"),
                },
            ),
        ),
    )
    link = RealHttpLink(service)
    try:
        answer = link.ask("POST", "/", encode(request), {"Content-Type": MEDIA_TYPE}, LOOK_S)
        queues = decode(answer.body).all_of(Group.PRINTER) if answer.status == 200 else []
    except (DeviceError, IppFormatError):
        return
    finally:
        link.close()
    for queue in queues:
        if name := text(queue, "printer-name"):
            yield Found(f"cups:{name}", text(queue, "printer-make-and-model"), is_certain=True)
