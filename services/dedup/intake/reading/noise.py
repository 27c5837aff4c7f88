"""Noise: what a form or a plugin sets before or after the names of all its fields.

`mf-vorname`, `mf-firma`; `nom_cli`, `tel_cli`: the word that so many labels share says nothing, if
there is no second person whose answers stand under the same labels without it.
"""

from collections.abc import Sequence

from services.dedup.intake.sent import Answer
from shared.labels import label
from shared.labels.label import Meaning
from shared.labels.spelling import folded

LEAST = 3
"""Labels with the same strange words, of as many different fields, that make them noise."""


def left_out(answers: Sequence[Answer], found: Sequence[Meaning]) -> list[Meaning]:
    """Return *found*, what the labels mean, without the words that most of them share."""
    shared: dict[frozenset[str], list[int]] = {}
    for at, told in enumerate(found):
        if told.unknown and not told.other:
            shared.setdefault(told.unknown, []).append(at)
    every = list(found)
    for noise, places in shared.items():
        if len(places) < LEAST:
            continue
        plain = {at: _plain(answers[at], noise) for at in places}
        fields = {told.field for told in plain.values() if told.field}
        known = {told.field for told in found if told.field and not told.unknown | told.roles}
        if len(fields) >= LEAST and not fields & known:
            for at, told in plain.items():
                every[at] = told
    return every


def _plain(answer: Answer, noise: frozenset[str]) -> Meaning:
    words = folded(answer.name or answer.key).split()
    return label.meaning(" ".join(word for word in words if word not in noise))
