"""Cameras, and scanners and readers that look through one or send what they saw."""

from typing import Any, cast

from hardware.camera import camera_settings, opencv_camera
from hardware.camera.camera_settings import Backend, CameraSettings
from hardware.camera.interface import Camera
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.camera.opencv_camera import OpencvCamera
from hardware.catalog import biometrics
from hardware.catalog.entries import Driver, Drivers, Kind, Options, line_to, made, on_a_line
from hardware.code_scanner.camera_scanner import CameraScanner
from hardware.code_scanner.line_scanner import LineScanner, TriggerKind
from hardware.code_scanner.looking import find_keyboards, find_on_lines
from hardware.code_scanner.scan_lines import Terminator
from hardware.code_scanner.scan_text import MOST_CHARACTERS, Allowed, ScanRules
from hardware.core.device import Device
from hardware.core.links import Links
from hardware.document_reader.camera_reader import CameraReader

_SCAN_RULES = frozenset({"prefix", "aim", "max_length", "allowed", "terminator", "idle_ms"})

_OPENCV = camera_settings.NAMES | {"backend"}


def _mjpeg(address: str, options: Options, links: Links) -> Device:
    del options
    return MjpegCamera(address, links.http)


def _opencv(address: str, options: Options, links: Links) -> Device:
    del links
    backend = Backend(options["backend"]) if "backend" in options else None
    return OpencvCamera(address, CameraSettings.from_options(options), backend)


def _camera_of(address: str, options: Options, links: Links) -> Camera:
    """Make the camera that another driver looks through, with the camera's own options."""
    own = {key: value for key, value in options.items() if key != "camera"}
    camera: Any = made(CAMERAS, str(options.get("camera", "mjpeg")), address, own, links)
    return cast("Camera", camera)  # the kind says which interface it has


def _camera_scanner(address: str, options: Options, links: Links) -> Device:
    return CameraScanner(_camera_of(address, options, links))


def _camera_reader(address: str, options: Options, links: Links) -> Device:
    from hardware.camera.zone_reader import read_zone  # noqa: PLC0415 (loads a network)

    camera = _camera_of(address, options, links)
    return CameraReader(camera, lambda pixels: read_zone(pixels).mrz)


def _line_scanner(address: str, options: Options, links: Links) -> Device:
    return LineScanner(
        line_to(address, options, links, 9600),
        TriggerKind(options.get("trigger", "none")),
        _scan_rules(options),
        Terminator(options.get("terminator", "cr")),
        float(options.get("idle_ms", 80)) / 1000,
    )


def _keyboard_scanner(address: str, options: Options, links: Links) -> Device:
    from hardware.code_scanner.keyboard_scanner import (  # noqa: PLC0415 (Linux only)
        IDLE_S,
        EndOfScan,
        KeyboardScanner,
    )

    del links
    return KeyboardScanner(
        address,
        _scan_rules(options),
        is_grabbed=bool(options.get("grab", True)),
        end=EndOfScan(options.get("terminator", "enter")),
        idle_s=float(options.get("idle_ms", IDLE_S * 1000)) / 1000,
    )


def _scan_rules(options: Options) -> ScanRules:
    return ScanRules(
        prefix=str(options.get("prefix", "")),
        has_aim=bool(options.get("aim", False)),
        most=int(options.get("max_length", MOST_CHARACTERS)),
        allowed=Allowed(options.get("allowed", "ascii")),
    )


CAMERAS: Drivers = {
    "mjpeg": Driver(Kind.CAMERA, _mjpeg, "motion JPEG over HTTP", is_recordable=True),
    "opencv": Driver(
        Kind.CAMERA,
        _opencv,
        "V4L2, Media Foundation, DirectShow, AVFoundation; URLs by FFmpeg",
        _OPENCV,
        find=opencv_camera.find,
    ),
    "sbi_face": biometrics.DRIVERS["sbi_face"],
}

DRIVERS: dict[str, Driver] = {
    "mjpeg": CAMERAS["mjpeg"],
    "opencv": CAMERAS["opencv"],
    "line_scanner": on_a_line(
        Kind.CODE_SCANNER,
        _line_scanner,
        "lines of text; Honeywell menu, GM65 zones, Zebra SSI",
        _SCAN_RULES | {"baud", "trigger"},
        find=find_on_lines,
    ),
    "keyboard_scanner": Driver(
        Kind.CODE_SCANNER,
        _keyboard_scanner,
        "keys of a USB keyboard, grabbed (Linux)",
        _SCAN_RULES | {"grab"},
        find=find_keyboards,
    ),
    "camera_scanner": Driver(
        Kind.CODE_SCANNER, _camera_scanner, "codes seen by a camera", _OPENCV | {"camera"}
    ),
    "camera_reader": Driver(
        Kind.DOCUMENT_READER,
        _camera_reader,
        "any camera above a place for documents",
        _OPENCV | {"camera"},
    ),
}
