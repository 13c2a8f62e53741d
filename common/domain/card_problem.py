"""Why an identity card that somebody inserted cannot be used, in words a person can act upon."""

from enum import StrEnum


class CardProblem(StrEnum):
    """What is wrong with a card; what is behind it is the log's and the officer's business.

    Attributes:
        ZONE_UNREADABLE: The printed lines, which open the chip, cannot be read from outside.
        CHIP_SILENT: No chip answers: dirty contacts, the card upside down, a worn-out chip.
        DOUBTFUL: The chip does not prove what it says: altered, copied, or not of this card.
        NOT_VALID: Its signer was revoked, or signed when it was no longer allowed to.
        FOREIGN: Another authority's document, or no identity card at all.
    """

    ZONE_UNREADABLE = "zone_unreadable"
    CHIP_SILENT = "chip_silent"
    DOUBTFUL = "doubtful"
    NOT_VALID = "not_valid"
    FOREIGN = "foreign"


MAY_TRY_AGAIN = frozenset({CardProblem.ZONE_UNREADABLE, CardProblem.CHIP_SILENT})
"""Those that wiping and turning the card may cure; the others are an officer's."""
