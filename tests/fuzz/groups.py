"""The other files of the application: EF.COM, DG1, DG3, DG11, one behind the other."""

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import DG1, DG3, DG11, EF_COM, decode, encode, files_listed
from tests.support.chips import content

FILES = encode(content())
ORDER = (DG1, DG3, DG11, EF_COM)


def seeds() -> list[bytes]:
    """One file each; the first byte says which."""
    return [bytes([number]) + FILES[group] for number, group in enumerate(ORDER)]


def fuzz_one(data: bytes) -> None:
    """Read one file amid sound ones."""
    group = ORDER[data[0] % len(ORDER)] if data else DG1
    try:
        if group == EF_COM:
            files_listed(data[1:])
        else:
            decode({**FILES, group: data[1:]})
    except ChipError as error:
        assert error.reason == "malformed"  # noqa: PT017 (not a test function)
