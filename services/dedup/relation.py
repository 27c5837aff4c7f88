"""The relation of two leads, in a word: one person, one household, one organisation, or none.

Colleagues and relatives are what a duplicate check mistakes for duplicates; naming the relation
shows that it was seen.
"""

from services.dedup import model
from services.dedup.linkage import Match

SAME_PERSON, SAME_HOUSEHOLD, SAME_ORGANISATION, UNRELATED = RELATIONS = (
    "same_person",
    "same_household",
    "same_organisation",
    "unrelated",
)


def relation(match: Match, flag: float) -> str:
    """Return how the people of two leads are related; from *flag* on they count as one person."""
    if match.probability >= flag:
        return SAME_PERSON
    levels = {each.comparison: each.level for each in match.evidence}
    if _at_work(match, levels):
        return SAME_ORGANISATION
    at_home = levels.get("phone") in _ONE_LINE or levels.get("place") in _ONE_ROOF
    return SAME_HOUSEHOLD if at_home and levels.get("name") in _RELATIVES else UNRELATED


def _at_work(match: Match, levels: dict[str, str]) -> bool:
    return match.same_domain or levels.get("organisation") in _EMPLOYER


_EMPLOYER = frozenset({"same_company", "similar_company", "same_domain", "shared_by_colleagues"})
_ONE_LINE = model.ONE_LINE | {"shared_by_few", "line_of_relatives"}
_ONE_ROOF = frozenset({"same_street", "shared_by_relatives"})
_RELATIVES = frozenset(
    {
        *("other_given_name", "other_family_name", "other_generation"),
        *("english_name_on_one_line", "alike_on_one_line", "generation_missing_on_one_line"),
    }
)
