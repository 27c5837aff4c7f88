"""Numbers in several boxes: `phone_area`, `phone_line`; `TEL1`, `TEL2`, `TEL3`; `ddd`, `telefone`.

American, Japanese and Brazilian forms ask for a number so; a form by hand posts the boxes as fields
of their own.
"""

import re
from collections.abc import Iterator

from services.dedup.intake.sent import Answer
from shared.labels.label import meaning
from shared.labels.spelling import folded

LONGEST_BOX = 5
"""Digits of one box; Japan's area codes have five."""

DIGITS = range(7, 14)
"""Digits of all of them."""

BOXES = range(2, 5)
"""How many boxes one number has."""

AREAS = frozenset(
    (
        *("ddd", "ddd telefone", "ddd celular", "area code", "areacode", "area", "codigo de area"),
        *(
            "codigo area",
            "lada",
            "clave lada",
            "ortsvorwahl",
            "市外局番",
            "区号",
            "區碼",
            "지역번호",
        ),
    )
)
"""What people call the box for the code of a region, beside one for the rest of a number."""

LOCAL = range(6, 10)
"""Digits of the rest."""

_BOX = re.compile(
    r"(?i)(?P<stem>.*?)[\W_]*"
    r"(?:area(?:[ _-]?code)?|prefix|exchange|suffix|line(?:[ _-]?number)?|part[ _-]?\d|\d)[\W_]*"
)


def in_one(found: list[Answer]) -> list[Answer]:
    """Return *found* with the boxes of a number made one answer, where the first of them stood."""
    at = [place for place, answer in enumerate(found) if _short(answer.value)]
    if not at:
        return found
    found = _with_areas(found, at)
    at = [place for place, answer in enumerate(found) if _short(answer.value)]
    whole: dict[int, Answer] = {}
    boxes: set[int] = set()
    for stem, places in _runs(found, at):
        texts = [str(found[place].value).strip() for place in places]
        if len(places) in BOXES and sum(map(len, texts)) in DIGITS:
            whole[places[0]] = Answer(stem, " ".join(texts), found[places[0]].key)
            boxes |= set(places)
    if not boxes:
        return found
    return [
        whole.get(place, answer)
        for place, answer in enumerate(found)
        if place not in boxes or place in whole
    ]


def _with_areas(found: list[Answer], at: list[int]) -> list[Answer]:
    """Return *found* with the code of a region before the number that follows it."""
    whole = list(found)
    gone = set()
    for place in at:
        code, rest = found[place], found[place + 1] if place + 1 < len(found) else None
        if rest is None or folded(code.name) not in AREAS or not _local(rest):
            continue
        text = f"{str(code.value).strip()} {str(rest.value).strip()}"
        whole[place + 1] = Answer(rest.name, text, rest.key, rest.field)
        gone.add(place)
    return [answer for place, answer in enumerate(whole) if place not in gone]


def _local(answer: Answer) -> bool:
    text = "".join(c for c in str(answer.value) if c not in " -.")
    fits = isinstance(answer.value, (str, int)) and text.isascii() and text.isdigit()
    return fits and len(text) in LOCAL and meaning(answer.name).field == "phone"


def _runs(found: list[Answer], at: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield the stems of labels of numbers, and the places of the boxes that stand together."""
    runs: list[tuple[str, list[int]]] = []
    for place in at:
        stem = _stem(found[place].name)
        if runs and stem and runs[-1][0] == stem and runs[-1][1][-1] == place - 1:
            runs[-1][1].append(place)
        elif stem:
            runs.append((stem, [place]))
    yield from ((stem, places) for stem, places in runs if len(places) > 1)


def _stem(name: str) -> str:
    box = _BOX.fullmatch(name)
    told = meaning(box["stem"]) if box else None
    good = told and told.field == "phone" and not (told.other or told.about)
    return box["stem"] if box and good else ""


def _short(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return False
    text = str(value).strip()
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_BOX
