"""What an officer may do."""

from enum import StrEnum


class Role(StrEnum):
    """One officer may have several.

    Still, who captured a case does not approve it, and who personalised a card does not issue it.
    A technician keeps stations running and an auditor reads the books; neither role lets its holder
    touch a case or a card.
    """

    RECEPTION = "reception"
    REGISTRATION = "registration"
    ASSESSMENT = "assessment"
    PRODUCTION = "production"
    COUNTER = "counter"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"


MAY_CONFIRM = frozenset({Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR})
"""Who may be the second officer; never the one who recorded it."""
