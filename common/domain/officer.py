"""What an officer may do."""

from collections.abc import Collection
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
    CUSTODIAN = "custodian"
    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"


NO_BUSINESS = frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR})
"""Who looks after machines decides about no card: these roles are held without any other."""

MAY_CONFIRM = frozenset({Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR})
"""Who may be the second officer; never the one who recorded it."""


def is_lawful(roles: Collection[Role]) -> bool:
    """Tell whether one person may have these roles together."""
    return not NO_BUSINESS & set(roles) or set(roles) <= NO_BUSINESS
