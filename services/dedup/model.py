"""The linkage model as data: what each comparison level is worth, and why.

A *match weight* is evidence in log2 odds (Fellegi and Sunter 1969; Splink's
`prob_to_match_weight`): +1 doubles the odds that two records are one person.
Judgement set each weight from how often such an agreement happens by chance
(`judged`); fitting to labelled pairs then moved it, the less the fewer pairs
show it (`training/fitting.py`). What came out stands in `data/model.json`, with
its version; an account may have weights of its own. See docs/decisions/0022, 0060.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from services.dedup.judged import JUDGED as JUDGED
from services.dedup.judged import JUDGED_PRIOR as JUDGED_PRIOR
from services.dedup.judged import Level as Level

_FITTED: dict[str, Any] = orjson.loads(
    (Path(__file__).resolve().parent / "data" / "model.json").read_bytes()
)

VERSION: str = _FITTED["version"]
"""Stored with every decision, so that it can be told which model made it."""

PRIOR: float = _FITTED["prior"]
"""Log2 odds that two records sharing a block are one person, before evidence."""

WEIGHTS = {
    comparison: {
        level: replace(
            worth, weight=_FITTED["weights"].get(comparison, {}).get(level, worth.weight)
        )
        for level, worth in levels.items()
    }
    for comparison, levels in JUDGED.items()
}
"""The same with the weights that count."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and prior of one version; which levels are found is the same under every model."""

    version: str
    prior: float
    """Log2 odds that two records sharing a block are one person, before evidence."""
    weights: Mapping[str, Mapping[str, float]] = field(hash=False)
    """By comparison and level, in log2 odds; every level of `WEIGHTS`."""


STANDARD = Model(
    VERSION,
    PRIOR,
    {
        comparison: {level: worth.weight for level, worth in levels.items()}
        for comparison, levels in WEIGHTS.items()
    },
)
"""The model of an account that has trained none."""

COUNTED = frozenset(
    level for levels in WEIGHTS.values() for level, worth in levels.items() if "{" in worth.why
)
"""Levels whose sentence names a number of people."""

CONTRADICTIONS = frozenset(
    {"different", "other_given_name", "other_family_name", "other_generation"}
)
"""Levels of `name` that say: these are two people."""

DOUBTS = frozenset(
    {"other_script", "one_name_agrees", "given_name_agrees", "middle_name", "english_name"}
)
"""Levels of `name` under which a relative or a colleague is as likely as the same person."""

RELATED = DOUBTS - {"given_name_agrees"}
"""Those of them that relatives on one line are as likely to give."""

DOUBTFUL = CONTRADICTIONS | DOUBTS
"""Levels of `name` that don't say: these are one person."""

INITIALS = frozenset({"initial", "initial_rare", "initials"})
"""Levels of `name` of a given name that one lead cuts to its first letter."""

UNTOLD = DOUBTS | INITIALS | {"given_name_only", "family_name_only"}
"""Levels of `name` under which a mailbox that tells another given name says more."""

ALIKE = INITIALS | {"nickname", "similar", "short_form", "one_letter_apart"}
"""Levels of `name` that say: one given name in two forms, or two that are alike."""

SAME_NAME = frozenset({"same", "same_rare", "same_common", "initial_spelt_out"})
"""Levels of `name` that say: given and family name are the same."""

ONE_NAME = SAME_NAME | ALIKE | {"swapped", "family_alike"}
"""Levels of `name` that say: these may be one person's names."""

ONE_LINE = frozenset({"same", "same_mobile"})
"""Levels of `phone` that say: one person's number, unless several are known to carry it."""

ONE_LINE_OTHERWISE = frozenset({"country_code_differs", "prefix_differs"})
"""Levels of `phone` that say so of a number that was written in two ways."""

ON_ONE_LINE = {
    "english_name": "english_name_on_one_line",
    "one_name_agrees": "alike_on_one_line",
    "middle_name": "alike_on_one_line",
}
"""What a doubtful name becomes beside one number, which relatives share likelier than others."""

SIGNED = frozenset({"other_given_name", "english_name"})
"""Levels of `name` that a mailbox may explain that is spelt with the other lead's whole name."""

CONTACT = 3.0
"""Log2 odds from which a mailbox or a number is one that two people do not have in common."""

SEVERAL = frozenset({"shared_by_few", "shared_by_many"})
"""Levels of `phone` that say: several people are known to carry it."""

FEW = 4
"""People who share a number as a household does; more share a switchboard."""

SHARED = {
    "email": "shared_by_colleagues",
    "organisation": "shared_by_colleagues",
    "title": "shared_by_colleagues",
    "ip": "shared_by_colleagues",
    "birth": "shared_by_relatives",
    "place": "shared_by_relatives",
}
"""What an agreement becomes beside contradicting or doubtful names: relatives and colleagues
have it in common. A mailbox of one's own is no such agreement, and a telephone keeps its weight:
the names are weighed against it."""

WITHIN_THE_MAILBOX = frozenset({"same", "same_role_inbox", "mistyped"})
"""Levels of `email` that say the domain is the same, which then counts no second time."""
