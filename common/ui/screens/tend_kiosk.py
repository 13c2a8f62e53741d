"""What an officer sees of the kiosk, and may do at it."""

from common.domain.officer import Role
from common.flow.staff import may
from common.flow.staff_words import (
    Act,
    ActChosen,
    CloseChosen,
    Closing,
    DeviceRow,
    Member,
    OwnWorkChosen,
    Report,
    StaffDone,
    StaffMenu,
)
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 120.0
ROLES = (
    "camera",
    "card_camera",
    "card_unit",
    "code_scanner",
    "finger_scanner",
    "form_camera",
    "form_collector",
    "form_printer",
    "intake",
    "intake_camera",
    "magazine",
    "presenter",
    "presenter_camera",
    "ticket_printer",
)
"""The devices that have a name in the texts; any other is shown by its role."""


def tend_kiosk(state: StaffMenu, own_work_key: str = "") -> Screen:
    """Return the screen. own_work_key: the text of what only this kind of kiosk has."""
    report, member = state.report or Report(), state.member
    return Screen(
        HERE / "tend_kiosk.qml",
        {
            "officer": member.display_name,
            "offline": member.is_offline,
            "asked": state.report is not None,
            "devices": [_told(row) for row in report.devices],
            "unsent": report.unsent,
            "closing_key": f"staff-closing-{report.closing}" if report.closing else "",
            "last_key": _last_key(state),
            "went_well": state.went_well,
            "can_shut_down": may(member, Act.SHUT_DOWN),
            "own_work_key": "" if member.is_offline else own_work_key,
        },
        {
            "act": lambda act: ActChosen(Act(act)),
            "close": lambda _: CloseChosen(),
            "own_work": lambda _: OwnWorkChosen(),
            "leave": lambda _: StaffDone(),
        },
        PATIENCE_S,
    )


def _told(row: DeviceRow) -> dict[str, str | bool]:
    name_key = f"staff-device-{row.role}" if row.role in ROLES else ""
    return {
        "name": row.role,
        "name_key": name_key,
        "good": row.is_good,
        "state_key": "staff-state-good" if row.is_good else f"staff-state-{row.state}",
    }


def _last_key(state: StaffMenu) -> str:
    if state.last is None:
        return ""
    return f"staff-{'done' if state.went_well else 'failed'}-{state.last}"


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    lam = Member("lam", "Officer Lam", (Role.REGISTRATION,), "token")
    alone = Member("lam", "lam", (Role.REGISTRATION,))
    good = tuple(DeviceRow(role, "online", is_good=True) for role in ROLES[:10])
    bad = (*good[:3], DeviceRow("ticket_printer", "hardwareError", is_good=False))
    report = Report(good)
    samples = {
        "asking": tend_kiosk(StaffMenu(lam)),
        "all_good": tend_kiosk(StaffMenu(lam, report), "collection-menu-title"),
        "faulty": tend_kiosk(StaffMenu(lam, Report(bad, unsent=3))),
        "offline": tend_kiosk(StaffMenu(alone, report)),
    }
    for closing in Closing:
        state = StaffMenu(lam, Report(bad, closing=closing))
        samples[f"closed_{closing}"] = tend_kiosk(state)
    for act in (Act.OPEN, Act.TEST_DEVICES, Act.TEST_PRINT, Act.FREE_CARD):
        samples[f"{act}_done"] = tend_kiosk(StaffMenu(lam, report, act))
        samples[f"{act}_failed"] = tend_kiosk(StaffMenu(lam, report, act, went_well=False))
    return samples
