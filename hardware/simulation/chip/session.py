"""What a chip knows while it has power: where it stands, who proved what, which keys protect."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.simulation.chip.memory import Store
from hardware.simulation.chip.randomness import Randomness
from hardware.simulation.chip.secure_messaging import SecureMessaging


@dataclass(slots=True, repr=False)
class Access:
    """How the terminal got in, and what it has proved since.

    Attributes:
        protocol: "BAC" or "PACE".
        password: The password's name: mrz, can, pin or puk.
        identity: ID_IC for Terminal Authentication.
        terminal_key: Comp(PK_IFD) that Terminal Authentication must cover; None before Chip
            Authentication (or PACE with its mapping).
        rights: The access bits of the terminal, 0 before Terminal Authentication.
        allowed: Access bits that the terminal asked for in PACE, at most.
        terminal_tried: Whether Terminal Authentication has run; it may once in a session.
    """

    protocol: str
    password: str
    identity: bytes
    terminal_key: bytes | None = None
    rights: int = 0
    allowed: int = 0xFF
    terminal_tried: bool = False


@dataclass(slots=True, repr=False)
class Session:
    """The chip's working memory, lost with its power.

    Attributes:
        in_application: Whether the LDS application is selected; else the master file is.
        file: The content of the current file, by its identifier.
        messaging: The session keys in force.
        next_messaging: Keys that replace them once the present answer is out.
        managed: Whether the present command came through the card manager's secure channel.
    """

    store: Store
    random: Randomness
    wait: Callable[[float], None]
    in_application: bool = False
    file: int | None = None
    messaging: SecureMessaging | None = None
    next_messaging: SecureMessaging | None = None
    access: Access | None = None
    managed: bool = False
    on_reset: list[Callable[[], None]] = field(default_factory=list)

    def end(self) -> None:
        """Forget keys and rights: the session is over."""
        self.messaging = self.next_messaging = self.access = None
        self.file = None
        for forget in self.on_reset:
            forget()

    def open(self, messaging: SecureMessaging, access: Access) -> None:
        """Begin a session when the present answer is out."""
        self.next_messaging, self.access = messaging, access
