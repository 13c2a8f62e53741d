"""The eighteen districts of Hong Kong, by area, as addresses in English end."""

AREAS: dict[str, tuple[str, ...]] = {
    "hong_kong": ("CENTRAL AND WESTERN", "EASTERN", "SOUTHERN", "WAN CHAI"),
    "kowloon": ("KOWLOON CITY", "KWUN TONG", "SHAM SHUI PO", "WONG TAI SIN", "YAU TSIM MONG"),
    "new_territories": (
        "ISLANDS",
        "KWAI TSING",
        "NORTH",
        "SAI KUNG",
        "SHA TIN",
        "TAI PO",
        "TSUEN WAN",
        "TUEN MUN",
        "YUEN LONG",
    ),
}
_ENDING = {"hong_kong": "HONG KONG", "kowloon": "KOWLOON", "new_territories": "NEW TERRITORIES"}
_ENDINGS = {
    district: f"{district} DISTRICT, {_ENDING[area]}"
    for area, districts in AREAS.items()
    for district in districts
}


def district_of(address: str) -> str:
    """Return the district that an address ends with; nothing where it names none as we do."""
    found = (one for one, ending in _ENDINGS.items() if address.endswith(ending))
    return next((one for one in found if _fits(address, one)), "")


def street_of(address: str) -> str:
    """Return an address without its district."""
    district = district_of(address)
    return address.removesuffix(_ENDINGS[district]).rstrip(", ") if district else address


def joined(street: str, district: str) -> str:
    """Return the address; a district alone is none, and one that we do not know is left out."""
    if not street or district not in _ENDINGS:
        return street
    return f"{street}, {_ENDINGS[district]}"


def _fits(address: str, district: str) -> bool:
    """Keep apart what ends alike: no district's name is the end of another's word."""
    before = address.removesuffix(_ENDINGS[district])
    return before == "" or before.endswith(", ")
