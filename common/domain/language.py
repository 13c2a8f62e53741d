"""The languages of the office."""

from enum import StrEnum


class Language(StrEnum):
    """Three equals. The value is the name of the folder of texts."""

    ENGLISH = "en"
    TRADITIONAL = "zh-Hant"
    SIMPLIFIED = "zh-Hans"
