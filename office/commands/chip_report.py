"""What smartics chip says about a card that was read."""

import hashlib
from typing import TYPE_CHECKING, Any

from hardware.smartcard.chip_errors import ChipError
from office.commands.answers import NO, YES, complain, plain, show_json

if TYPE_CHECKING:
    from hardware.smartcard.card_data import WrittenCard
    from hardware.smartcard.verdict import ChipReading, Doubt

DOUBTS = {
    "altered": "what the card says is not what was signed: keep it and tell a supervisor",
    "cloned": "the chip does not prove that it is the genuine one: keep it and tell a supervisor",
    "revoked": "its signer was revoked: keep it and tell a supervisor",
    "expired": "its signer's certificate is over, or this machine's date is wrong",
    "foreign": "nobody in --csca vouches for it: add its country's certificate, or refuse it",
}


def told(found: "ChipReading", seconds: float) -> dict[str, Any]:
    """What --json prints."""
    return {
        "protocol": found.protocol,
        "mapping": found.mapping,
        "mrz": _zone(found),
        "portrait_bytes": _portrait_bytes(found),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in _named(found).items()},
        "passive_authentication": found.passive.outcome,
        "passive_reason": found.passive.reason,
        "signer_country": found.passive.signer_country,
        "chip_authentication": found.chip_authentication.value,
        "active_authentication": found.active_authentication.value,
        "fingers_granted": found.fingers_granted,
        "doubt": _doubt(found),
        "apdus": found.apdus,
        "seconds": round(seconds, 4),
    }


def _named(found: "ChipReading") -> dict[str, bytes]:
    from hardware.smartcard.lds import FILE_NAMES  # noqa: PLC0415 (Pillow)

    names = {fid: name for fid, name in FILE_NAMES.items() if fid in found.files}
    named = {name: found.files[fid] for fid, name in sorted(names.items())}
    master = {_master_name(fid): data for fid, data in found.master_files.items()}
    return named | master


def _zone(found: "ChipReading") -> str | None:
    from hardware.smartcard.lds import DG1, zone_of  # noqa: PLC0415 (Pillow)

    try:
        return zone_of(found.files[DG1])
    except ChipError:
        return None


def _portrait_bytes(found: "ChipReading") -> int | None:
    from hardware.smartcard.face_record import decode_portraits  # noqa: PLC0415 (Pillow)
    from hardware.smartcard.lds import DG2  # noqa: PLC0415

    if DG2 not in found.files:
        return None
    try:
        return len(decode_portraits(found.files[DG2])[0][0])
    except ChipError:
        return None


def _doubt(found: "ChipReading") -> "Doubt | None":
    from hardware.smartcard.verdict import doubt  # noqa: PLC0415 (cryptography)

    return doubt(found)


def show(found: "ChipReading", seconds: float) -> None:
    """Print a table for a technician."""
    mapping = f", {found.mapping}" if found.mapping else ""
    reason = f" ({found.passive.reason})" if found.passive.reason else ""
    portrait = _portrait_bytes(found)
    rows = [
        ("opened with", f"{found.protocol}{mapping}"),
        ("signature", found.passive.outcome.replace("_", " ") + reason),
        ("chip's proof", f"{found.chip_authentication.value}, Chip Authentication"),
        ("", f"{found.active_authentication.value}, Active Authentication"),
        ("zone", plain(_zone(found) or "cannot be understood")),
        ("portrait", "not read" if portrait is None else f"{portrait} bytes"),
        ("fingers", "read" if found.fingers_granted else "not read"),
        *((name, f"{len(data)} bytes") for name, data in _named(found).items()),
        ("took", f"{found.apdus} commands, {seconds:.3f} s"),
    ]
    for name, text in rows:
        print(f"{name:16}  {text}")


def judge(found: "ChipReading", has_anchors: bool) -> int:
    """Say in one line what is wrong with a card that was read."""
    problem = _doubt(found)
    if problem is None or (problem == "foreign" and not has_anchors):
        return YES
    complain(DOUBTS[problem])
    return NO


def show_written(written: "WrittenCard", as_json: bool) -> None:
    """Say what a card was given, in digests."""
    from hardware.smartcard.lds import FILE_NAMES  # noqa: PLC0415 (Pillow)

    files = {FILE_NAMES[fid]: digest for fid, digest in written.files.items()}
    files |= {_master_name(fid): digest for fid, digest in written.master_files.items()}
    if as_json:
        show_json({"files": files, "manager_keys": written.manager_keys})
        return
    for name, digest in files.items():
        print(f"{name:16}  {digest}")
    own = f"version {written.manager_keys:02X}" if written.manager_keys else "left as they came"
    print(f"{'manager keys':16}  {own}")


def _master_name(identifier: int) -> str:
    from hardware.smartcard.lds import CARD_ACCESS  # noqa: PLC0415 (Pillow)

    return "EF.CardAccess" if identifier == CARD_ACCESS else "EF.CardSecurity"
