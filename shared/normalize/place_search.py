"""Which places a text may mean, and how likely each is.

A text is read as a name with qualifiers: "Paris, TX" is what is called Paris and lies in what
is called TX. Where signs do not keep them apart, the last words are tried as qualifiers, then
the first. Likelihood is `gazetteer_layout.standing`, in powers of ten of people.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.great_circle import distance_km
from shared.normalize import gazetteer_layout as layout
from shared.normalize.gazetteer import Gazetteer
from shared.normalize.place_key import code_key, key
from shared.normalize.place_words import PART_OF, said_kind, stripped, without_ending

HINT = 1.6
"""What the installation's country adds: a town there is meant before a city abroad with forty
times its people (Rome, Georgia), but not before one with a hundred times (Paris, Texas)."""

UNEXPLAINED = 2.5
"""What each part of the text takes off that says nothing of the place."""

SPLIT = 1.0
"""What it takes off if a name was cut off the words beside it without a sign between them."""

BESIDE_KM, BESIDE_DEGREES = 60.0, 0.55
"""How far a place lies at most from the city that stands beside it (Cambridge, Boston); and in
degrees of latitude, so that few ways are measured."""

MOST_RATED = 16
"""Namesakes that are rated, the largest; and as many in the hinted country."""

LATER = 0.3
"""What each part takes off that stands before the name: people begin with it."""

OWN_NAMES = (layout.PRIMARY, layout.NATIVE, layout.CHOSEN, layout.SHORT, layout.RATHER)

MOST_WORDS, MOST_QUALIFIER_WORDS = 8, 4
LONGEST_CODE = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a text may mean; *grade* is that of the name it was found by."""

    score: float
    row: int
    grade: int
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What stands beside a name: the areas that it names, and the largest city."""

    regions: frozenset[int]
    countries: frozenset[int]
    city: int | None
    code: bool
    is_area: bool
    """It names a region or a country."""


class Search:
    """One text's search in *gazetteer*; *hint* is the number of the installation's country."""

    def __init__(self, gazetteer: Gazetteer, hint: int | None) -> None:
        self._gazetteer = gazetteer
        self._hint = hint
        self._qualifiers: dict[str, Qualifier] = {}
        self._found: dict[str, list[tuple[int, int]]] = {}

    def candidates(self, parts: list[str]) -> list[Candidate]:
        """Return what the *parts* of a text may mean together, likeliest first."""
        if len(parts) == 1:
            found = self._alone(parts[0])
        else:
            found = self._joined(parts) or self._beside(parts)
        best: dict[int, Candidate] = {}
        for each in found:
            if each.row not in best or best[each.row].score < each.score:
                best[each.row] = each
        return sorted(best.values(), key=lambda each: (-each.score, each.row))

    def qualifier(self, text: str) -> Qualifier:
        """Return the areas and the city that *text* names; all of several, as Georgia does."""
        if text not in self._qualifiers:
            self._qualifiers[text] = self._read_qualifier(text)
        return self._qualifiers[text]

    def _read_qualifier(self, text: str) -> Qualifier:
        rows = [row for row, grade in self._rows(text) if self._is_area(row)]
        code = False
        if len(text) <= LONGEST_CODE:
            coded = [row for row, _ in self._gazetteer.named(code_key(text)) if self._is_area(row)]
            code, rows = bool(coded), rows + coded
        city = None
        if not rows:
            words = stripped(text.split())
            if words and len(words) < len(text.split()):
                return self.qualifier(" ".join(words))
            city = next((row for row, _ in self._rows(text)), None)
        regions = frozenset(self._gazetteer.region(r) for r in rows if self._kind(r) == 1)
        countries = self._countries(row for row in rows if self._kind(row) == 2)
        return Qualifier(regions, countries, city, code, is_area=bool(rows))

    def lies_in(self, row: int, qualifier: Qualifier) -> bool:
        """Return True if the place at *row* lies where *qualifier* says."""
        kind = self._kind(row)
        if qualifier.is_area:
            regions = qualifier.regions if kind == layout.CITY else ()
            if regions and self._gazetteer.region(row) in regions:
                return True
            within = qualifier.countries and kind != layout.COUNTRY_KIND
            return bool(within) and self._gazetteer.country(row) in qualifier.countries
        if qualifier.city in (None, row) or kind != layout.CITY:
            return False
        here, there = self._gazetteer.where(row), self._gazetteer.where(qualifier.city)
        return abs(here[0] - there[0]) < BESIDE_DEGREES and distance_km(*here, *there) <= BESIDE_KM

    def _joined(self, parts: list[str]) -> list[Candidate]:
        """Return places whose own name has a sign in it: Frankfurt (Oder), Halle/Saale."""
        found = self._named("".join(parts[:2]), parts[2:])
        return [each for each in found if each.grade in OWN_NAMES and not each.unexplained]

    def _alone(self, text: str) -> list[Candidate]:
        words = text.split()[:MOST_WORDS]
        found = self._named(text, [])
        if len(words) > 1 and (not found or found[0].grade != layout.CHOSEN):
            found = found + self._split(words)
        return found or self._stripped(words, []) or self._without_last(words)

    def _without_last(self, words: list[str]) -> list[Candidate]:
        """Return what is meant if the last word is a code that is not known: Milano MI."""
        if len(words) < 2 or len(words[-1]) > LONGEST_CODE - 2:
            return []
        found = self._named(" ".join(words[:-1]), [])
        return [each for each in found if self._kind(each.row) == layout.CITY]

    def _split(self, words: list[str]) -> list[Candidate]:
        """Return what the first words mean if the last are qualifiers, or the other way round."""
        found: list[Candidate] = []
        for cut in range(len(words) - 1, 0, -1):
            head, tail = " ".join(words[:cut]), " ".join(words[cut:])
            if len(words) - cut <= MOST_QUALIFIER_WORDS:
                found += self._explained(head, tail)
            if cut <= MOST_QUALIFIER_WORDS and not found:
                found += self._explained(tail, head)
        return found

    def _explained(self, name: str, beside: str) -> list[Candidate]:
        qualifier = self.qualifier(beside)
        qualifiers = [qualifier] if qualifier.is_area else self._several(beside)
        if not qualifiers:
            return []
        found = self._rated(self._rows(name) or self._bare_rows(name), qualifiers)
        return [
            Candidate(each.score - SPLIT, each.row, each.grade)
            for each in found
            if not each.unexplained
        ]

    def _several(self, text: str) -> list[Qualifier]:
        """Return the qualifiers that *text* falls into (TX USA), none if one is unknown."""
        words = text.split()
        for cut in range(1, len(words)):
            pair = [self.qualifier(" ".join(part)) for part in (words[:cut], words[cut:])]
            if all(each.is_area for each in pair):
                return pair
        return []

    def _beside(self, parts: list[str]) -> list[Candidate]:
        """Return what each part may mean if the others stand beside it; the least left open."""
        found: list[Candidate] = []
        for number, part in enumerate(parts):
            others = parts[:number] + parts[number + 1 :]
            named = self._named(part, others) or self._in_part(part, others)
            area = bool(number) and self._mainly_area(part)
            found += [
                Candidate(each.score - LATER * number, each.row, each.grade, each.unexplained)
                for each in named
                if not (area and each.unexplained)
            ]
        least = min((each.unexplained for each in found), default=0)
        return [each for each in found if each.unexplained == least]

    def _mainly_area(self, part: str) -> bool:
        """Return True if *part* alone is rather a region or country: US, though Us is a town."""
        alone = self._named(part, [])
        return bool(alone) and self._is_area(alone[0].row)

    def _in_part(self, part: str, others: list[str]) -> list[Candidate]:
        words = part.split()[:MOST_WORDS]
        for cut in range(len(words) - 1, 0, -1):
            tail = " ".join(words[cut:])
            if self.qualifier(tail).is_area:
                found = self._named(" ".join(words[:cut]), [tail, *others])
                if found:
                    return found
        return self._stripped(words, others)

    def _stripped(self, words: list[str], others: list[str]) -> list[Candidate]:
        bare = stripped(words)
        if not bare:
            return []
        if len(bare) == len(words):
            shorter = without_ending("".join(words))
            return self._named(shorter, others) if shorter != "".join(words) else []
        kind = said_kind(words)
        found = self._named(" ".join(bare), others) or (
            [] if others or len(bare) == 1 else self._split(bare)
        )
        return [each for each in found if kind is None or self._kind(each.row) == kind]

    def _named(self, name: str, others: list[str]) -> list[Candidate]:
        qualifiers = [self.qualifier(other) for other in others]
        return self._rated(self._rows(name), qualifiers)

    def _bare_rows(self, name: str) -> list[tuple[int, int]]:
        words = name.split()
        bare = stripped(words)
        return self._rows(" ".join(bare)) if bare and len(bare) < len(words) else []

    def _rows(self, name: str) -> list[tuple[int, int]]:
        if name not in self._found:
            self._found[name] = self._read_rows(name)
        return self._found[name]

    def _read_rows(self, name: str) -> list[tuple[int, int]]:
        own = key(name)
        if not own:
            return []
        rows = self._gazetteer.named(own)
        if len(own) <= LONGEST_CODE:
            rows = rows + self._gazetteer.named(code_key(name))
        return list(rows)

    def _rated(self, rows: list[tuple[int, int]], qualifiers: list[Qualifier]) -> list[Candidate]:
        open_ends = [(row, grade, self._open(row, qualifiers)) for row, grade in rows]
        known = [each for each in open_ends if each[2] is not None]
        least = min((each[2] or 0 for each in known), default=0)
        kept = [(row, grade) for row, grade, left in known if left == least]
        if self._hint is not None and len(kept) > MOST_RATED:
            there = [e for e in kept[MOST_RATED:] if self._gazetteer.country(e[0]) == self._hint]
            kept = kept[:MOST_RATED] + there[:MOST_RATED]
        found = [
            Candidate(self._score(row, grade) - UNEXPLAINED * least, row, grade, least)
            for row, grade in kept[: 2 * MOST_RATED]
        ]
        return sorted(found, key=lambda each: -each.score)

    def _open(self, row: int, qualifiers: list[Qualifier]) -> int | None:
        """Return how many qualifiers say nothing of *row*; None where one contradicts it."""
        left = 0
        for qualifier in qualifiers:
            if not self.lies_in(row, qualifier):
                if qualifier.is_area and not qualifier.code:
                    return None
                left += 1
        return left

    def _score(self, row: int, grade: int) -> float:
        hinted = self._hint is not None and self._gazetteer.country(row) == self._hint
        return self._gazetteer.standing(row, grade) + HINT * hinted

    def _countries(self, rows: Iterable[int]) -> frozenset[int]:
        """Return the countries at *rows* and the territories that belong to them."""
        numbers = frozenset(rows)
        isos = {self._gazetteer.countries[number] for number in numbers}
        parts = (part for part, whole in PART_OF.items() if whole in isos)
        return numbers | {
            n for part in parts if (n := self._gazetteer.country_number(part)) is not None
        }

    def _is_area(self, row: int) -> bool:
        return self._kind(row) != layout.CITY

    def _kind(self, row: int) -> int:
        return self._gazetteer.kind(row)
