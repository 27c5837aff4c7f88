"""The linkage model as data: what each comparison level is worth, and why.

A *match weight* is evidence in log2 odds (Fellegi and Sunter 1969; Splink's
`prob_to_match_weight`): +1 doubles the odds that two records are one person.
The weights are set by judgement from how often each agreement happens by
chance, and checked by the contract's cases; they are not fitted to any data.
"""

from dataclasses import dataclass

VERSION = "2026.11.2-judgement"
"""Stored with every decision, so that it can be told which model made it."""

PRIOR = -7.0
"""Log2 odds that two records sharing a block are one person, before evidence (1 in 129)."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one comparison level is worth."""

    weight: float
    """Match weight in log2 odds."""
    confidence: float
    """What the contract's `checks_performed` reports for it, in [0, 1]."""
    why: str
    """The sentence that the customer reads."""


WEIGHTS = {
    "email": {
        "same": Level(17.0, 1.0, "Both leads give the same mailbox."),
        "same_role_inbox": Level(3.5, 0.6, "Both leads give the same shared inbox."),
        "mistyped_domain": Level(11.0, 0.95, "The addresses differ by a mistyped mail provider."),
        "mistyped": Level(6.0, 0.8, "The addresses differ by one keystroke."),
        "mistyped_organisation": Level(5.0, 0.8, "The domains differ by one keystroke."),
        "shared_by_colleagues": Level(0.0, 0.6, "Two people use the same shared inbox."),
        "local_part_of_the_name": Level(
            -0.5, 0.3, "The part before the @ is the same, but only repeats the name."
        ),
        "same_local_part": Level(3.0, 0.5, "The part before the @ is the same, the domain is not."),
        "other_mailbox_same_organisation": Level(-3.0, 0.0, "Two mailboxes of one organisation."),
        "different": Level(-1.5, 0.0, "The mailboxes differ."),
    },
    "phone": {
        "same": Level(11.5, 0.95, "Both leads give the same number."),
        "same_mobile": Level(14.0, 0.95, "Both leads give the same mobile."),
        "extension_missing": Level(7.0, 0.85, "The same number; one lead gives an extension."),
        "other_extension": Level(2.0, 0.3, "The same switchboard, two extensions."),
        "country_code_differs": Level(9.5, 0.9, "The same number but for the country code."),
        "prefix_differs": Level(8.5, 0.9, "The same number but for what is dialled before it."),
        "one_digit_off": Level(2.5, 0.5, "The numbers differ by one digit."),
        "different": Level(-1.0, 0.0, "The numbers differ."),
    },
    "name": {
        "same": Level(7.5, 1.0, "The names are the same."),
        "nickname": Level(7.0, 0.95, "One given name is a short form of the other."),
        "similar": Level(6.0, 0.9, "The names are alike in spelling and sound."),
        "swapped": Level(6.5, 0.9, "The same words in another order."),
        "initial": Level(4.0, 0.8, "The given name agrees with an initial."),
        "middle_name": Level(-2.0, 0.6, "One lead's given name is the other's middle name."),
        "given_name_only": Level(2.0, 0.5, "The given names agree; one lead has no family name."),
        "family_name_only": Level(2.5, 0.5, "The family names agree; one lead has no given name."),
        "other_script": Level(-1.5, 0.3, "Names in two scripts, which spelling cannot compare."),
        "one_owner": Level(
            -4.0,
            0.0,
            "The names differ, but a personal mailbox has one owner, who may sign otherwise.",
        ),
        "other_family_name": Level(-4.5, 0.3, "The same given name, another family name."),
        "other_given_name": Level(-7.0, 0.3, "The same family name, another given name."),
        "other_generation": Level(-9.0, 0.3, "Senior and junior of one name."),
        "different": Level(-8.0, 0.0, "The names contradict each other."),
    },
    "organisation": {
        "same_company": Level(2.5, 1.0, "Both leads name the same company."),
        "similar_company": Level(2.0, 0.85, "The company names are alike."),
        "same_domain": Level(2.0, 0.75, "Both mailboxes belong to the same organisation."),
        "related_company": Level(1.0, 0.7, "One company name contains the other."),
        "shared_by_colleagues": Level(0.0, 0.7, "The names differ: colleagues share an employer."),
        "different": Level(-1.0, 0.0, "The companies differ."),
    },
    "birth": {
        "same": Level(7.0, 1.0, "Both leads give the same date of birth."),
        "one_digit_off": Level(1.0, 0.5, "The dates of birth differ by one digit."),
        "shared_by_relatives": Level(0.0, 0.5, "The names differ: twins share a birthday."),
        "different": Level(-6.0, 0.0, "The dates of birth differ."),
    },
    "place": {
        "same_street": Level(3.5, 1.0, "Both leads give the same address."),
        "same_postal_code": Level(2.0, 0.7, "Both leads give the same postal code."),
        "same_city": Level(1.0, 0.4, "Both leads name the same town."),
        "shared_by_relatives": Level(0.0, 0.4, "The names differ: a household shares an address."),
        "elsewhere": Level(-1.0, 0.0, "The leads name different towns."),
        "other_country": Level(-1.5, 0.0, "The leads name different countries."),
    },
    "fingerprint": {
        "identical": Level(8.0, 1.0, "Every identifying value is the same."),
    },
}
"""Levels of each comparison. Silence is not listed: it weighs nothing."""

CONTRADICTIONS = frozenset(
    {"different", "other_given_name", "other_family_name", "other_generation"}
)
"""Levels of `name` that say: these are two people."""

DOUBTS = frozenset({"other_script", "middle_name"})
"""Levels of `name` under which a relative or a colleague is as likely as the same person."""

SHARED = {
    "email": "shared_by_colleagues",
    "organisation": "shared_by_colleagues",
    "birth": "shared_by_relatives",
    "place": "shared_by_relatives",
}
"""What an agreement becomes beside contradicting or doubtful names: relatives and colleagues
have it in common. A mailbox of one's own is no such agreement, and a telephone keeps its weight:
the names are weighed against it."""

WITHIN_THE_MAILBOX = frozenset({"same", "same_role_inbox", "mistyped"})
"""Levels of `email` that say the domain is the same, which then counts no second time."""
