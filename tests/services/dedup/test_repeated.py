"""A lead compared again, as some of its fields change: the same as compared anew."""

from functools import cache
from itertools import chain, product
from typing import ClassVar

import pytest

from services.dedup import linkage
from services.dedup.beside import Beside
from services.dedup.comparisons import COMPARISONS
from services.dedup.record import Record, read
from services.dedup.repeated import READS, Repeated
from services.dedup.strangers import strangers
from tests.services.dedup.pair_tables import TABLES, pairs

BESIDE = Beside({"phone": 1, "email": 1}, None, 60.0)


@cache
def records():
    """Return the pairs of all tables as records, either way round."""
    leads = chain(*(pairs(table, sign) for table, sign in product(TABLES, "=!?")))
    read_pairs = [tuple(read(lead).record for lead in each.values) for each in leads]
    return [*read_pairs, *((b, a) for a, b in read_pairs)]


class Watched(Record):
    """A record that remembers which of its fields were read."""

    seen: ClassVar[set[str]] = set()

    def __getattribute__(self, name):
        if name in Record._fields:
            Watched.seen.add(name)
        return super().__getattribute__(name)


def moved(own, other):
    """Return the names of the fields in which two records differ."""
    return tuple(name for name in Record._fields if getattr(own, name) != getattr(other, name))


def changes(own, known):
    """Yield *own* with each field as a stranger's, and with each as the *known* lead's."""
    for case in chain(*strangers(known, abroad=True).values()):
        yield own._replace(**case)
    for name in Record._fields:
        yield own._replace(**{name: getattr(known, name)})


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda each: each.__name__)
def test_a_comparison_reads_no_other_field_than_it_is_said_to(comparison):
    Watched.seen.clear()
    for own, known in records():
        comparison(Watched(*own), known)

    assert Watched.seen <= {*READS.get(comparison.__name__, Record._fields)}


def test_what_is_found_again_is_what_is_found_anew():
    for own, known in records():
        first = linkage.found(own, known, BESIDE)
        repeated = Repeated(first, known, BESIDE)
        for changed in changes(own, known):
            again = repeated.found(changed, moved(own, changed))
            anew = linkage.found(changed, known, BESIDE)
            assert [*again.items()] == [*anew.items()], (changed, known)


def test_a_changed_lead_is_as_likely_as_one_that_said_so_from_the_first():
    for own, known in records()[::10]:
        repeated = Repeated(linkage.found(own, known, BESIDE), known, BESIDE)
        for changed in changes(own, known):
            again = repeated.likeliness(changed, moved(own, changed), BESIDE.carriers)
            assert again == linkage.compare(changed, known, BESIDE).probability
