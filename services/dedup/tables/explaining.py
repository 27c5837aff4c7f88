"""Why two rows are taken for one thing: each column's level and what it weighs."""

from typing import NamedTuple

from services.dedup.tables.comparing import SILENT, Comparisons, Levels
from services.dedup.tables.weighing import Parts

PRIOR = "prior"
"""The evidence of no column: how likely any two rows are one thing."""

BESIDE = "shared by neighbours"
"""The evidence of no column: that what they share others share who stand beside each other."""


class Evidence(NamedTuple):
    """What one comparison says of a pair; those of a pair add up to its odds."""

    name: str
    """The column; PRIOR or BESIDE, with no level, where it is of none."""
    level: str
    bits: float
    """Log2 odds, for or against."""


def explained(comparisons: Comparisons, found: Levels, parts: Parts) -> list[tuple[Evidence, ...]]:
    """Return the evidence of each pair with levels *found*; a silent row is none."""
    return [
        (Evidence(PRIOR, "", parts.prior), *said, Evidence(BESIDE, "", float(beside)))
        for said, beside in zip(_said(comparisons, found, parts), parts.beside, strict=True)
    ]


def _said(comparisons: Comparisons, found: Levels, parts: Parts) -> list[list[Evidence]]:
    names = [column.name for column in comparisons.columns]
    bits = parts.bits.T.tolist()
    return [
        [
            Evidence(names[number], comparisons.name(number, level), weight)
            for number, (level, weight) in enumerate(zip(levels, weights, strict=True))
            if level != SILENT
        ]
        for levels, weights in zip(found.tolist(), bits, strict=True)
    ]
