"""Lays a whole office out in one folder: every station's file, keys, ports, simulated devices."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.domain.clock import system_clock
from common.domain.language import Language
from common.station.config import SPEAKS_MORE
from hardware.simulation.ports import steady_ports
from hardware.simulation.timing import Timing
from office.authorities import found
from office.postgresql import Cluster
from office.store import Store

OFFICE = "HQ"

DRIVER_OF = {
    "crt571": ("crt571", "socket://127.0.0.1:{port}"),
    "cu16": ("cu16", "socket://127.0.0.1:{port}"),
    "modbus_collector": ("modbus_collector", "tcp://127.0.0.1:{port}"),
    "r30x": ("r30x", "socket://127.0.0.1:{port}"),
    "mjpeg": ("mjpeg", "http://127.0.0.1:{port}/stream"),
    "escpos": ("escpos", "tcp://127.0.0.1:{port}"),
    "form_printer": ("spool_folder", "folder:{folder}"),
    "card_printer": ("spool_folder", "folder:{folder}"),
}
"""Simulated device kind -> (driver, address) as station.toml names them."""


@dataclass(frozen=True, slots=True)
class SimulatedRole:
    """One device of a station: the role the station knows, and what stands in for it."""

    role: str
    kind: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StationPlan:
    """One station: its kind, what the panel calls its place, its simulated devices."""

    name: str
    kind: str
    place: str
    devices: tuple[SimulatedRole, ...]


KEYPAD = (SimulatedRole("earphones", "sound_card"), SimulatedRole("keypad", "audio_keypad"))
"""A sound card behind an earphone jack, and the keys beside it: [speech] names them, no driver."""
KIOSK_SOUND = (*KEYPAD, SimulatedRole("loudspeaker", "sound_card"))
"""Kiosks that give something out sound a tone in the hall, too: [sound] names that card."""
HALL_SOUND = (SimulatedRole("loudspeaker", "sound_card"),)
"""The panel calls aloud."""
SPEECH = {role.kind for role in KEYPAD}
SPOOLED = ("form_printer", "card_printer")


def _card_camera(role: str, looks_at: str) -> SimulatedRole:
    """The small camera in a card unit: it sees the printed side of the card inside."""
    return SimulatedRole(role, "mjpeg", {"watches": f"{looks_at}.inside", "frame_s": 0.2})


def _booth_devices(station: str) -> tuple[SimulatedRole, ...]:
    return (
        SimulatedRole("camera", "mjpeg"),
        SimulatedRole("form_printer", "form_printer"),
        SimulatedRole("card_unit", "crt571"),
        _card_camera("card_camera", f"{station}.card_unit"),
        SimulatedRole("card_printer", "card_printer", {"marks": f"{station}.card_unit.inside"}),
        SimulatedRole("cabinet", "cu16", {"boards": 2}),
    )


STATIONS = (
    StationPlan(
        "tag-1",
        "tag",
        "",
        (
            SimulatedRole("camera", "mjpeg"),
            SimulatedRole("card_unit", "crt571"),
            _card_camera("card_camera", "tag-1.card_unit"),
            SimulatedRole("ticket_printer", "escpos"),
            *KIOSK_SOUND,
        ),
    ),
    StationPlan(
        "bench-1",
        "bench",
        "",
        (SimulatedRole("camera", "mjpeg"), *KEYPAD),
    ),
    StationPlan(
        "registration-1",
        "registration",
        "K1",
        (
            SimulatedRole("camera", "mjpeg"),
            SimulatedRole("card_unit", "crt571"),
            _card_camera("card_camera", "registration-1.card_unit"),
            SimulatedRole("finger_scanner", "r30x"),
            SimulatedRole("form_printer", "form_printer"),
            *KIOSK_SOUND,
        ),
    ),
    StationPlan(
        "booth-1",
        "booth",
        "B1",
        (*_booth_devices("booth-1"), SimulatedRole("finger_scanner", "r30x")),
    ),
    StationPlan(
        "booth-2",
        "booth",
        "C1",
        _booth_devices("booth-2"),
    ),
    StationPlan(
        "collection-1",
        "collection",
        "",
        (
            SimulatedRole("intake", "crt571"),
            _card_camera("intake_camera", "collection-1.intake"),
            SimulatedRole("form_collector", "modbus_collector"),
            SimulatedRole(
                "form_camera", "mjpeg", {"watches": "collection-1.form_collector.escrow"}
            ),
            SimulatedRole("camera", "mjpeg"),
            SimulatedRole("finger_scanner", "r30x"),
            SimulatedRole(
                "magazine",
                "cu16",
                {
                    "kind": "magazine",
                    "boards": 2,
                    "drops_into": "collection-1.presenter.feeder",
                },
            ),
            SimulatedRole("presenter", "crt571"),
            _card_camera("presenter_camera", "collection-1.presenter"),
            SimulatedRole("ticket_printer", "escpos"),
            *KIOSK_SOUND,
        ),
    ),
    StationPlan("display-1", "display", "", HALL_SOUND),
)


@dataclass(frozen=True, slots=True)
class OfficerPlan:
    """An invented officer of the demo office."""

    id: str
    display_name: str
    roles: tuple[str, ...]


OFFICERS = (
    OfficerPlan("lam", "Officer Lam", ("registration", "reception")),
    OfficerPlan("wong", "Officer Wong", ("assessment", "supervisor")),
    OfficerPlan("ho", "Officer Ho", ("production",)),
    OfficerPlan("yip", "Officer Yip", ("counter",)),
    OfficerPlan("kwok", "Officer Kwok", ("supervisor",)),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a laid-out office is."""

    folder: Path
    backend_port: int
    bench_port: int
    touch_ports: dict[str, int]
    passwords: dict[str, str]
    pins: dict[str, str]
    postgresql_port: int | None = None
    stations_port: int | None = None

    @property
    def backend_address(self) -> str:
        """The backend, for the public's browsers and the hall's panel."""
        return f"http://127.0.0.1:{self.backend_port}"

    @property
    def stations_address(self) -> str:
        """The backend's own door for stations."""
        return f"https://127.0.0.1:{self.stations_port}"

    @property
    def cluster(self) -> Cluster | None:
        """The office's own PostgreSQL, where its backend stands on one."""
        if self.postgresql_port is None:
            return None
        return Cluster(self.folder / "postgresql", self.postgresql_port)

    def station_file(self, name: str) -> Path:
        """A station's station.toml."""
        return self.folder / name / "station.toml"

    def save(self) -> None:
        """Write the layout down, so that the same office can be opened again."""
        plain = {
            "backend_port": self.backend_port,
            "bench_port": self.bench_port,
            "touch_ports": self.touch_ports,
            "passwords": self.passwords,
            "pins": self.pins,
            "postgresql_port": self.postgresql_port,
            "stations_port": self.stations_port,
        }
        write_private(self.folder / "layout.json", json.dumps(plain))

    @classmethod
    def load(cls, folder: Path) -> "Layout":
        """Read the layout of an office that was laid out before."""
        return cls(folder=folder, **json.loads((folder / "layout.json").read_text("utf-8")))


def lay_out(folder: Path, timing: Timing = Timing.INSTANT, store: Store = Store.SQLITE) -> Layout:
    """Write all files of a new office into folder, or load what is there already.

    Raises:
        NoPostgresqlError: The office is to stand on PostgreSQL, and this machine has none.
    """
    folder = folder.resolve()
    if (folder / "layout.json").exists():
        return Layout.load(folder)
    folder.mkdir(parents=True, exist_ok=True)
    count = 4 + len(STATIONS) + sum(len(plan.devices) for plan in STATIONS)
    ports = iter(steady_ports(count))
    layout = Layout(
        folder=folder,
        backend_port=next(ports),
        bench_port=next(ports),
        touch_ports={plan.name: next(ports) for plan in STATIONS},
        passwords={officer.id: _password() for officer in OFFICERS},
        pins={officer.id: f"{secrets.randbelow(10**6):06d}" for officer in OFFICERS},
        postgresql_port=next(ports) if store is Store.POSTGRESQL else None,
        stations_port=next(ports),
    )
    if layout.cluster is not None:
        layout.cluster.lay_out()
    readers = [plan.name for plan in STATIONS if _has(plan, "crt571")]
    makers = [plan.name for plan in STATIONS if _has(plan, "card_printer")]
    cards = found(folder, readers, makers, system_clock())
    device_ports = {
        (plan.name, device.role): next(ports) for plan in STATIONS for device in plan.devices
    }
    for plan in STATIONS:
        _write_station(layout, plan, device_ports, cards.get(plan.name, []))
    _write_bench(layout, device_ports, timing)
    _write_backend(layout)
    layout.save()
    return layout


def _password() -> str:
    """Make a password that is typed quickly on the pad of a kiosk: small letters and digits."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")


def _has(plan: StationPlan, kind: str) -> bool:
    return any(device.kind == kind for device in plan.devices)


def _write_station(
    layout: Layout,
    plan: StationPlan,
    device_ports: dict[tuple[str, str], int],
    cards: list[str],
) -> None:
    home = layout.folder / plan.name
    home.mkdir(parents=True, exist_ok=True)
    # A hall's panel shows what everybody may see, and asks where everybody does.
    address = layout.backend_address if plan.kind == "display" else layout.stations_address
    lines = [
        "[station]",
        f'name = "{plan.name}"',
        f'kind = "{plan.kind}"',
        f'office = "{OFFICE}"',
        f'place = "{plan.place}"',
        *_languages(plan.kind),
        'data = "data"',
        "",
        "[backend]",
        f'address = "{address}"',
        'key = "file:station.key"',
        *cards,
    ]
    ports = {role.kind: device_ports.get((plan.name, role.role)) for role in KEYPAD}
    if all(ports.values()):
        lines += ["", "[speech]", f'output = "tcp://127.0.0.1:{ports["sound_card"]}"']
        lines += [f'keypad = "hid+tcp://127.0.0.1:{ports["audio_keypad"]}"']
        lines += ["double_strike_s = 0.0  # who plays an applicant has quick and steady hands"]
    if port := device_ports.get((plan.name, "loudspeaker")):
        lines += ["", "[sound]", f'loudspeaker = "tcp://127.0.0.1:{port}"']
    for device in plan.devices:
        if device.kind in SPEECH:
            continue
        driver, address = DRIVER_OF[device.kind]
        place = address.format(
            port=device_ports[plan.name, device.role], folder=home / "spool" / device.role
        )
        lines += ["", f"[devices.{device.role}]", f'driver = "{driver}"', f'address = "{place}"']
        if device.kind == "cu16":
            lines += [f"options = {{ boards = {device.options['boards']} }}"]
        if device.kind in SPOOLED:
            (home / "spool" / device.role).mkdir(parents=True)
    (home / "station.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _languages(kind: str) -> list[str]:
    """Where the public is alone with a machine, this office shows the drafts too."""
    if kind not in SPEAKS_MORE:
        return ['languages = ["en", "zh-Hant", "zh-Hans"]']
    named = ", ".join(f'"{one}"' for one in Language)
    return [f"languages = [{named}]", "assist_drafts = true"]


def _write_bench(layout: Layout, device_ports: dict[tuple[str, str], int], timing: Timing) -> None:
    lines = ["[bench]", f"port = {layout.bench_port}", 'world = "bench/world"']
    lines.append(f'timing = "{timing}"')
    for plan in STATIONS:
        for device in plan.devices:
            options = dict(device.options)
            if device.kind in SPOOLED:
                options["folder"] = str(layout.folder / plan.name / "spool" / device.role)
            lines += [
                "",
                "[[device]]",
                f'station = "{plan.name}"',
                f'name = "{device.role}"',
                f'kind = "{device.kind}"',
                f"port = {device_ports[plan.name, device.role]}",
                f"options = {{ {', '.join(_toml(options))} }}",
            ]
    (layout.folder / "bench.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _toml(options: dict[str, Any]) -> Iterator[str]:
    for key, value in options.items():
        yield f"{key} = {json.dumps(value)}"


def _database(layout: Layout) -> list[str]:
    cluster = layout.cluster
    if cluster is None:
        return ['database = "backend.sqlite"', 'database_key = "file:database.key"']
    write_private(layout.folder / "backend" / "database.password", cluster.password)
    return [
        f'database = "{cluster.address_without_password("smartics")}"',
        'database_password = "file:database.password"',
    ]


def _write_backend(layout: Layout) -> None:
    home = layout.folder / "backend"
    lines = [
        "[backend]",
        'address = "127.0.0.1"',
        f"port = {layout.backend_port}",
        *_database(layout),
        'master_key = "file:master.key"',
        # A demo office is open at any hour, and many applicants share one address.
        "demo = true",
        "posts_per_minute = 6000",
        "",
        "[backend.tls]",
        f"port = {layout.stations_port}",
        'names = ["127.0.0.1"]',
        "",
        # Mails and texts lie in backend/mail for a person to look at.
        "[notices]",
        f'public_address = "http://127.0.0.1:{layout.backend_port}"',
        'sender = "no-reply@office.example"',
        'folder = "mail"',
        "",
        "[booking]",
        "holds_per_source = 6000",
        "holds_per_source_day = 60000",
        "",
        "[office]",
        f'code = "{OFFICE}"',
        "issuance = { content_needed = true }",
        # The cards of a demo are made while the applicant waits.
        "processing_working_days = 0",
        "slot_capacity = 50",
        'name = { en = "Harbour Office", zh-Hant = "海港辦事處", zh-Hans = "海港办事处" }',
    ]
    for plan in STATIONS:
        lines += [
            "",
            "[[stations]]",
            f'name = "{plan.name}"',
            f'kind = "{plan.kind}"',
            f'place = "{plan.place}"',
        ]
    for officer in OFFICERS:
        write_private(home / f"{officer.id}.password", layout.passwords[officer.id])
        lines += [
            "",
            "[[officers]]",
            f'id = "{officer.id}"',
            f'display_name = "{officer.display_name}"',
            f"roles = {json.dumps(officer.roles)}",
            f'password = "file:{officer.id}.password"',
        ]
    (home / "backend.toml").write_text("\n".join(lines) + "\n", "utf-8")
