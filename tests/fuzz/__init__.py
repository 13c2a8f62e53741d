"""Parsers under hostile bytes. Each module here has seeds() and fuzz_one(data).

In the test run they are tried with seeds and mutations of seeds (test_parsers.py); for longer,
with coverage to guide it and an end by itself:

    python -m tests.fuzz NAME --seconds 60
"""

NAMES = (
    "tlv",
    "mrz",
    "portraits",
    "groups",
    "secure_messaging",
    "security_infos",
    "cv_certificates",
    "card_manager",
    "link",
    "access",
    "security_objects",
    "finger_records",
)
"""The modules, and what `python -m tests.fuzz` takes."""
