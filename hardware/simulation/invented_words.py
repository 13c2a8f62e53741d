"""The words invented people are made of; streets and estates that are on no map."""

SURNAMES: tuple[tuple[str, str], ...] = (
    ("陳", "CHAN"), ("李", "LEE"), ("黃", "WONG"), ("張", "CHEUNG"), ("何", "HO"), ("林", "LAM"),
    ("吳", "NG"), ("鄭", "CHENG"), ("劉", "LAU"), ("梁", "LEUNG"), ("蔡", "CHOI"), ("許", "HUI"),
    ("鄧", "TANG"), ("馬", "MA"), ("曾", "TSANG"), ("葉", "YIP"), ("郭", "KWOK"), ("羅", "LO"),
    ("歐陽", "AU YEUNG"), ("司徒", "SZETO"), ("馮", "FUNG"), ("蕭", "SIU"), ("衞", "WAI"),
)  # fmt: skip

GIVEN: dict[str, tuple[tuple[str, str], ...]] = {
    "F": (
        ("詠", "WING"), ("詩", "SZE"), ("美", "MEI"), ("玲", "LING"), ("慧", "WAI"), ("欣", "YAN"),
        ("晴", "CHING"), ("芷", "TSZ"), ("澄", "CHING"), ("淑", "SHUK"), ("珍", "CHUN"),
        ("家", "KA"), ("樂", "LOK"), ("思", "SZE"), ("敏", "MAN"), ("嘉", "KA"), ("華", "WAH"),
        ("心", "SUM"), ("雅", "NGA"), ("蘭", "LAN"),
    ),
    "M": (
        ("志", "CHI"), ("偉", "WAI"), ("俊", "CHUN"), ("強", "KEUNG"), ("浩", "HO"), ("然", "YIN"),
        ("健", "KIN"), ("榮", "WING"), ("國", "KWOK"), ("家", "KA"), ("明", "MING"), ("子", "TSZ"),
        ("文", "MAN"), ("安", "ON"), ("樂", "LOK"), ("峯", "FUNG"), ("喆", "CHIT"), ("華", "WAH"),
        ("焜", "KWAN"), ("思", "SZE"),
    ),
}  # fmt: skip

WESTERN: dict[str, tuple[str, ...]] = {
    "F": ("Marigold", "Clementine", "Ottilie", "Rosalba", "Isaura", "Philippa"),
    "M": ("Barnaby", "Leopold", "Cornelius", "Thaddeus", "Ambrose", "Rufus"),
}

ENGLISH_ONLY: tuple[str, ...] = ("TANDARVALE", "ABELLORO", "PRADHANESH", "OSTERWICK", "VELASMORE")

PLACES: tuple[str, ...] = ("HONG KONG", "HONG KONG", "HONG KONG", "GUANGDONG", "MACAO", "FUJIAN")

ESTATES: tuple[str, ...] = (
    "Kestrel Court", "Lantern House", "Osmanthus Mansion", "Heron Terrace", "Camphor Building",
)  # fmt: skip

STREETS: tuple[str, ...] = (
    "Saffron Street", "Tidewater Road", "Paper Kite Lane", "Old Pier Road", "Bamboo Flute Street",
)  # fmt: skip
