"""The linkage model as data: what each comparison level is worth, and why.

A *match weight* is evidence in log2 odds (Fellegi and Sunter 1969; Splink's
`prob_to_match_weight`): +1 doubles the odds that two records are one person.
Judgement set each weight from how often such an agreement happens by chance
(`JUDGED`); fitting to labelled pairs then moved it, the less the fewer pairs
show it (`bench/accuracy/fitting.py`). What came out stands in
`data/model.json`, with its version. See docs/decisions/0022.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

_FITTED: dict[str, Any] = orjson.loads(
    (Path(__file__).resolve().parent / "data" / "model.json").read_bytes()
)

VERSION: str = _FITTED["version"]
"""Stored with every decision, so that it can be told which model made it."""

PRIOR: float = _FITTED["prior"]
"""Log2 odds that two records sharing a block are one person, before evidence."""

JUDGED_PRIOR = -7.0
"""The same by judgement: 1 in 129."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one comparison level is worth."""

    weight: float
    """Match weight in log2 odds."""
    confidence: float
    """What the contract's `checks_performed` reports for it, in [0, 1]."""
    why: str
    """The sentence that the customer reads; `{people}` is how many carry the value."""


JUDGED = {
    "email": {
        "same": Level(17.0, 1.0, "Both leads give the same mailbox."),
        "same_role_inbox": Level(3.5, 0.6, "Both leads give the same shared inbox."),
        "mistyped_domain": Level(11.0, 0.95, "The addresses differ by a mistyped mail provider."),
        "mistyped": Level(6.0, 0.8, "The addresses differ by one keystroke."),
        "separator_differs": Level(
            3.0, 0.7, "The addresses differ by a dot or a dash, which tells mailboxes apart."
        ),
        "number_differs": Level(
            1.5, 0.4, "The same word before the @, with a number that differs by one digit."
        ),
        "name_spelt_otherwise": Level(
            0.0, 0.5, "The addresses nearly agree, and each only repeats the name as it was given."
        ),
        "shared_and_own_mailbox": Level(
            0.0, 0.2, "A shared inbox and a mailbox of one organisation."
        ),
        "mistyped_organisation": Level(5.0, 0.8, "The domains differ by one keystroke."),
        "sister_domain": Level(
            4.0, 0.7, "One mailbox name under two domains of one name, as firms have abroad."
        ),
        "shared_by_colleagues": Level(0.0, 0.6, "Two people use the same shared inbox."),
        "local_part_of_the_name": Level(
            -0.5, 0.3, "The part before the @ is the same, but only repeats the name."
        ),
        "same_local_part": Level(3.0, 0.5, "The part before the @ is the same, the domain is not."),
        "other_mailbox_same_organisation": Level(-3.0, 0.0, "Two mailboxes of one organisation."),
        "mailbox_of_a_namesake": Level(
            -6.0, 0.0, "One name has two mailboxes of one organisation, as namesakes there have."
        ),
        "different": Level(-1.5, 0.0, "The mailboxes differ."),
    },
    "phone": {
        "same": Level(11.5, 0.95, "Both leads give the same number."),
        "same_mobile": Level(14.0, 0.95, "Both leads give the same mobile."),
        "shared_by_few": Level(6.0, 0.8, "{people} people share this number."),
        "shared_by_many": Level(3.0, 0.6, "{people} people share this number."),
        "line_of_relatives": Level(
            9.5, 0.8, "Both leads give the same number, under names that relatives could have."
        ),
        "same_ending": Level(
            6.0, 0.8, "The numbers end alike; one of them cannot be dialled as it stands."
        ),
        "extension_missing": Level(7.0, 0.85, "The same number; one lead gives an extension."),
        "other_extension": Level(2.0, 0.3, "The same switchboard, two extensions."),
        "country_code_differs": Level(9.5, 0.9, "The same number but for the country code."),
        "prefix_differs": Level(8.5, 0.9, "The same number but for what is dialled before it."),
        "one_digit_off": Level(2.5, 0.5, "The numbers differ by one digit."),
        "different": Level(-1.0, 0.0, "The numbers differ."),
    },
    "name": {
        "same": Level(7.5, 1.0, "The names are the same."),
        "same_rare": Level(9.0, 1.0, "The names are the same, and rare."),
        "same_common": Level(5.5, 1.0, "The names are the same, and common."),
        "nickname": Level(7.0, 0.95, "One given name is a short form of the other."),
        "similar": Level(6.0, 0.9, "The names are alike in spelling and sound."),
        "one_letter_apart": Level(
            3.0, 0.6, "One letter differs, but either is a given name of its own."
        ),
        "swapped": Level(6.5, 0.9, "The same words in another order."),
        "english_name": Level(
            -1.5, 0.4, "The family names agree; one given name may be an adopted English one."
        ),
        "english_name_on_one_line": Level(
            0.3,
            0.5,
            "One number and one family name; one given name may be an adopted English one.",
        ),
        "alike_on_one_line": Level(
            -1.0, 0.4, "One number, and names of which one part agrees, as those of relatives do."
        ),
        "signs_otherwise": Level(
            -1.2, 0.4, "The given names differ, but a mailbox is spelt with the other's whole name."
        ),
        "short_form": Level(3.5, 0.7, "One given name may be the other cut short."),
        "generation_missing": Level(
            3.5, 0.8, "The names are the same; one lead adds junior, senior or a number."
        ),
        "initial": Level(4.0, 0.8, "The given name agrees with an initial."),
        "initial_rare": Level(
            5.5, 0.85, "The given name agrees with an initial, and the family name is rare."
        ),
        "middle_name": Level(-2.0, 0.6, "One lead's given name is the other's middle name."),
        "given_name_only": Level(2.0, 0.5, "The given names agree; one lead has no family name."),
        "family_name_only": Level(2.5, 0.5, "The family names agree; one lead has no given name."),
        "other_script": Level(-3.5, 0.3, "Names in two scripts, which spelling cannot compare."),
        "one_name_agrees": Level(
            1.5, 0.5, "Names in two scripts: one part agrees, the other cannot be compared."
        ),
        "given_name_agrees": Level(
            2.0, 0.6, "Names in two scripts: the given names agree, the rest cannot be compared."
        ),
        "one_owner": Level(
            -4.0,
            0.0,
            "The names differ, but a personal mailbox has one owner, who may sign otherwise.",
        ),
        "new_family_name": Level(
            -3.0, 0.4, "The same given name on one number, another family name: as after a wedding."
        ),
        "other_family_name": Level(-4.5, 0.3, "The same given name, another family name."),
        "other_given_name": Level(-7.0, 0.3, "The same family name, another given name."),
        "other_generation": Level(-9.0, 0.3, "Senior and junior of one name."),
        "different": Level(-8.0, 0.0, "The names contradict each other."),
    },
    "mailbox": {
        "spelt_after_the_other": Level(
            4.0, 0.7, "The mailbox of one lead is spelt like the name of the other."
        ),
        "spelt_after_somebody_else": Level(
            -4.5, 0.0, "The mailbox of one lead tells another given name than the other lead's."
        ),
    },
    "organisation": {
        "same_company": Level(2.5, 1.0, "Both leads name the same company."),
        "similar_company": Level(2.0, 0.85, "The company names are alike."),
        "same_domain": Level(2.0, 0.75, "Both mailboxes belong to the same organisation."),
        "related_company": Level(1.0, 0.7, "One company name contains the other."),
        "shared_by_colleagues": Level(0.0, 0.7, "Colleagues share an employer."),
        "different": Level(-1.0, 0.0, "The companies differ."),
    },
    "title": {
        "same": Level(0.7, 0.5, "Both leads give the same job title."),
        "similar": Level(0.4, 0.4, "One job title contains the other."),
        "shared_by_colleagues": Level(0.0, 0.3, "Colleagues share a title."),
        "different": Level(-0.3, 0.0, "The job titles differ."),
        "other_post": Level(-2.6, 0.0, "Two posts at one employer, and only the name in common."),
    },
    "birth": {
        "same": Level(7.0, 1.0, "Both leads give the same date of birth."),
        "same_beside_alike_names": Level(
            4.0, 0.9, "One date of birth under two given names alike, as twins have, too."
        ),
        "same_as_of_twins": Level(
            2.6, 0.7, "One date of birth, and nothing else but names alike, as twins have, too."
        ),
        "same_under_short_form": Level(
            2.0, 0.6, "One date of birth, and nothing else but a name and what may be short for it."
        ),
        "one_digit_off": Level(1.0, 0.5, "The dates of birth differ by one digit."),
        "shared_by_relatives": Level(0.0, 0.5, "The names differ: twins share a birthday."),
        "different": Level(-6.0, 0.0, "The dates of birth differ."),
    },
    "place": {
        "same_street": Level(6.0, 1.0, "Both leads give the same address."),
        "same_postal_code": Level(2.5, 0.7, "Both leads give the same postal code."),
        "same_city": Level(1.0, 0.4, "Both leads name the same town."),
        "shared_by_relatives": Level(0.0, 0.4, "A household shares an address."),
        "elsewhere": Level(-1.0, 0.0, "The leads name different towns."),
        "other_country": Level(-1.5, 0.0, "The leads name different countries."),
    },
    "ip": {
        "same": Level(1.0, 0.5, "Both leads came from one address on the internet."),
        "shared_by_colleagues": Level(
            0.0, 0.3, "One address on the internet, as a house or an office shares it."
        ),
        "different": Level(0.0, 0.0, "The leads came from different addresses on the internet."),
    },
    "time": {
        "within_minutes": Level(0.5, 0.5, "The leads came within a quarter of an hour."),
        "within_a_day": Level(0.2, 0.3, "The leads came within a day."),
        "within_months": Level(0.0, 0.0, "The leads came within half a year."),
        "long_after": Level(-0.2, 0.0, "More than half a year lies between the leads."),
    },
    "fingerprint": {
        "identical": Level(8.0, 1.0, "Every identifying value is the same."),
    },
}
"""Levels of each comparison, with their weights by judgement. Silence weighs nothing."""

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

UNTOLD = DOUBTS | {"initial", "initial_rare", "given_name_only", "family_name_only"}
"""Levels of `name` under which a mailbox that tells another given name says more."""

ALIKE = frozenset(
    {"nickname", "similar", "short_form", "initial", "initial_rare", "one_letter_apart"}
)
"""Levels of `name` that say: one given name in two forms, or two that are alike."""

SAME_NAME = frozenset({"same", "same_rare", "same_common"})
"""Levels of `name` that say: given and family name are the same."""

ONE_NAME = SAME_NAME | ALIKE | {"swapped"}
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
