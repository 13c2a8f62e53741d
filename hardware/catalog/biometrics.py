"""Fingerprint scanners, and cameras that sign the faces they take."""

from functools import partial
from pathlib import Path
from typing import Any

from hardware.camera.sbi_face import SbiFace
from hardware.catalog.entries import Driver, Kind, Options, line_to, on_a_line
from hardware.core.device import Device
from hardware.core.links import Links
from hardware.fingerprint import libfprint, r30x
from hardware.fingerprint.libfprint import LibfprintScanner
from hardware.fingerprint.r30x import R30x
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.sbi import discovery
from hardware.sbi.biometrics import UNKNOWN, BioType
from hardware.sbi.device import Settings

_SBI_OPTIONS = frozenset({"trust", "env", "serial", "chip", "score", "slice_s"})


def _r30x(address: str, options: Options, links: Links) -> Device:
    line = line_to(address, options, links, r30x.BAUD)
    width, _, height = str(options.get("size", "256x288")).partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) * int(height) % 2 == 0):
        raise ValueError(f"a size is written 256x288, not {options['size']!r}")
    return R30x(
        line,
        int(options.get("password", 0)),
        size=(int(width), int(height)),
        packet_bytes=int(options["packet"]) if "packet" in options else None,
        has_lamp=bool(options.get("lamp", False)),
    )


def _libfprint(address: str, options: Options, links: Links) -> Device:
    del links
    if not address.startswith("libfprint:"):
        raise ValueError(f"the address is written libfprint: or libfprint:DRIVER, not {address!r}")
    dots = int(options.get("dpi", libfprint.DOTS_PER_INCH))
    return LibfprintScanner(address.removeprefix("libfprint:"), dots)


def _sbi_settings(options: Options) -> Settings:
    given: dict[str, Any] = {
        "trust": Path(options["trust"]) if "trust" in options else None,
        "environment": str(options.get("env", "Production")),
        "serial_number": str(options.get("serial", "")),
        "is_chip_needed": bool(options.get("chip", False)),
    }
    given |= {"score": int(options["score"])} if "score" in options else {}
    given |= {"slice_s": float(options["slice_s"])} if "slice_s" in options else {}
    return Settings(**given)


def _sbi_finger(address: str, options: Options, links: Links) -> Device:
    finger = str(options.get("finger", UNKNOWN))
    return SbiFinger(address, links.http, _sbi_settings(options), finger)


def _sbi_face(address: str, options: Options, links: Links) -> Device:
    return SbiFace(address, links.http, _sbi_settings(options))


DRIVERS: dict[str, Driver] = {
    "r30x": on_a_line(
        Kind.FINGERPRINT_SCANNER,
        _r30x,
        "EF-01 serial modules: ZFM-20, R30x, AS608",
        frozenset({"baud", "password", "size", "packet", "lamp"}),
    ),
    "sbi_finger": Driver(
        Kind.FINGERPRINT_SCANNER,
        _sbi_finger,
        "MOSIP SBI 0.9.5 over HTTP, fingers",
        _SBI_OPTIONS | {"finger"},
        is_recordable=True,
        find=partial(discovery.find, BioType.FINGER),
    ),
    "libfprint": Driver(
        Kind.FINGERPRINT_SCANNER,
        _libfprint,
        "libfprint 2: every scanner that gives images",
        frozenset({"dpi"}),
        find=libfprint.find,
    ),
    "sbi_face": Driver(
        Kind.CAMERA,
        _sbi_face,
        "MOSIP SBI 0.9.5 over HTTP, faces",
        _SBI_OPTIONS,
        is_recordable=True,
        find=partial(discovery.find, BioType.FACE),
    ),
}
