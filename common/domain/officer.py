"""What an officer may do."""

from enum import StrEnum


class Role(StrEnum):
    """One officer may have several.

    Still, who captured a case does not approve it, and who personalised a card does not issue it.
    """

    RECEPTION = "reception"
    REGISTRATION = "registration"
    ASSESSMENT = "assessment"
    PRODUCTION = "production"
    COUNTER = "counter"
    SUPERVISOR = "supervisor"


MAY_CONFIRM = frozenset({Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR})
"""Who may be the second officer; never the one who recorded it."""
