"""Cuts the table of Chinese characters out of the Unihan database (Unicode licence).

`apt-get install unicode-data`, then
`python installers/make_chinese_table.py /usr/share/unicode common/domain/chinese_table.tsv`.
Done once for each version of Unicode that is taken over; the table lies in the repository.
"""

import bz2
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FILES = ("OtherMappings", "DictionaryLikeData", "Readings", "Variants")
CODE = "kTaiwanTelegraph"
CODE_SIMPLIFIED = "kMainlandTelegraph"
KEPT = {CODE, CODE_SIMPLIFIED, "kBigFive", "kHKSCS", "kUnihanCore2020"}
VARIANTS = ("kZVariant", "kSemanticVariant", "kTraditionalVariant", "kSimplifiedVariant")
COLUMNS = "character\tcode\tcode of the mainland\tCangjie\tCantonese\tcoded variants"

Fields = dict[str, str]


def entries(folder: Path) -> dict[str, Fields]:
    """Read what the database says of each character."""
    found: dict[str, Fields] = defaultdict(dict)
    for name in FILES:
        for line in _lines(folder, name):
            if line.startswith("U+"):
                point, field, value = line.rstrip("\n").split("\t")
                found[chr(int(point[2:], 16))][field] = value
    return found


def rows(found: dict[str, Fields]) -> Iterator[str]:
    """Write each character that a name may hold; the commonest stand first."""
    ranked = sorted(found, key=lambda one: (int(found[one].get("kFrequency", "9")), ord(one)))
    for one in ranked:
        fields = found[one]
        if not fields.keys() & KEPT:
            continue
        code = fields.get(CODE, "").split(" ")[0]
        yield "\t".join(
            (
                one,
                code,
                fields.get(CODE_SIMPLIFIED, "").split(" ")[0],
                fields.get("kCangjie", ""),
                " ".join(dict.fromkeys(re.findall(r"[a-z]+", fields.get("kCantonese", "")))),
                "" if code else "".join(_coded_variants(found, one)),
            )
        )


def _coded_variants(found: dict[str, Fields], one: str) -> Iterator[str]:
    told = " ".join(found[one].get(kind, "") for kind in VARIANTS)
    for point in dict.fromkeys(re.findall(r"U\+([0-9A-F]+)", told)):
        if CODE in found.get(chr(int(point, 16)), {}):
            yield chr(int(point, 16))


def _lines(folder: Path, name: str) -> Iterator[str]:
    file = folder / f"Unihan_{name}.txt"
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            yield from lines
    else:
        with bz2.open(f"{file}.bz2", "rt", encoding="utf-8") as lines:
            yield from lines


def main(source: Path, table: Path) -> None:
    """Write the table."""
    table.write_text("\n".join((COLUMNS, *rows(entries(source)), "")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
