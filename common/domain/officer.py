"""What an officer may do."""

from collections.abc import Collection
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
    CUSTODIAN = "custodian"
    TECHNICIAN = "technician"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


NO_BUSINESS = frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR, Role.AUDITOR})
"""Who looks after machines or books decides about no card: held without any other role."""

MAY_CONFIRM = frozenset({Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR})
"""Who may be the second officer; never the one who recorded it."""


def is_lawful(roles: Collection[Role]) -> bool:
    """Tell whether one person may have these roles together."""
    return not NO_BUSINESS & set(roles) or set(roles) <= NO_BUSINESS
