"""How a table is read and compared: decided once, kept with its weights, and used again with them.

What a column holds is guessed from its cells, and another table of the same columns may lead to
another guess. Weights say how often each level is found, so they hold for the same levels alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.dedup.tables import kinds, reading
from services.dedup.tables.kinds import Kind
from services.dedup.tables.reading import Cells, Column
from shared.errors import Malformed

PERSONAL = (Kind.GIVEN, Kind.PERSON, Kind.DATE, Kind.EMAIL, Kind.CODE)
"""What tells one member of a household from another."""

NAMED = (Kind.ORGANISATION, Kind.CODE)
"""What tells one firm from another in the same house."""

PLACED = (Kind.STREET, Kind.NUMBER, Kind.POSTCODE, Kind.LOCALITY, Kind.CODE)
"""What tells one branch of a firm from another."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is compared of a table."""

    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    """Of each heading."""
    compared: tuple[int, ...]
    """Which of the columns that `reading.read` makes of them; those that were empty are not."""
    distinguishing: tuple[tuple[Kind, ...], ...]
    """Sets of kinds, of each of which something must speak for one thing."""

    def places(self, headings: Sequence[str]) -> list[int]:
        """Return where the scheme's headings stand among *headings* of another table.

        What else the table has is left out. Raises Malformed, naming those that it lacks.
        """
        standing: dict[str, list[int]] = defaultdict(list)
        for place, heading in reversed(list(enumerate(headings))):
            standing[heading].append(place)
        found, lacking = [], []
        for heading in self.headings:
            if standing[heading]:
                found.append(standing[heading].pop())
            else:
                lacking.append(heading)
        if lacking:
            raise Malformed(
                f"The table lacks {', '.join(lacking)}, with which the weights were learned."
            )
        return found

    def read(self, cells: Cells) -> list[Column]:
        """Return what is compared of a table with these *cells*, one sequence a heading."""
        columns = reading.read(self.headings, self.kinds, cells)
        return [columns[place] for place in self.compared]


def scheme(headings: Sequence[str], cells: Cells) -> Scheme:
    """Return what is to be compared of a table with these *cells*, one sequence a heading."""
    told = kinds.kinds(headings, cells)
    columns = reading.read(headings, told, cells)
    compared = [place for place, each in enumerate(columns) if any(each.values)]
    return Scheme(tuple(headings), tuple(told), tuple(compared), distinguishing(columns))


def distinguishing(columns: Sequence[Column]) -> tuple[tuple[Kind, ...], ...]:
    """Return sets of kinds, of each of which something must speak for one thing.

    People of a household share the rest, as do firms of a house, and the branches of a firm.
    """
    said = {kind: 0 for kind in Kind}
    for column in columns:
        said[column.kind] = max(said[column.kind], sum(map(bool, column.values)))
    people = max(said[Kind.GIVEN], said[Kind.FAMILY], said[Kind.PERSON])
    if max(people, said[Kind.ORGANISATION]) == 0:
        return ()
    return (PERSONAL,) if people >= said[Kind.ORGANISATION] else (NAMED, PLACED)
