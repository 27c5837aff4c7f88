"""What judgement gave each comparison level: its weight, and the sentence that the customer reads.

Each weight is set from how often such an agreement happens by chance; fitting to labelled pairs
then moves it, the less the fewer pairs show it. What counts stands in `services.dedup.model`.
"""

from dataclasses import dataclass

JUDGED_PRIOR = -7.0
"""Log2 odds that two records sharing a block are one person, before evidence: 1 in 129."""


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
        "mistyped_organisation": Level(6.5, 0.8, "The domains differ by one keystroke."),
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
        "renamed": Level(
            0.5,
            0.4,
            "Each address is spelt after its lead's name, of which one has a new family name.",
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
        "line_and_mobile": Level(
            -0.7, 0.0, "A mobile and another line, which one person may have both."
        ),
        "different": Level(-1.0, 0.0, "The numbers differ."),
    },
    "name": {
        "same": Level(7.5, 1.0, "The names are the same."),
        "same_rare": Level(9.0, 1.0, "The names are the same, and rare."),
        "same_common": Level(5.5, 1.0, "The names are the same, and common."),
        "nickname": Level(7.0, 0.95, "One given name is a short form of the other."),
        "similar": Level(6.0, 0.9, "The names are alike in spelling and sound."),
        "family_alike": Level(
            6.0, 0.9, "The given names are the same, and the family names are alike."
        ),
        "one_letter_apart": Level(
            3.0, 0.6, "One letter differs, but either is a given name of its own."
        ),
        "swapped": Level(6.5, 0.9, "The same words in another order."),
        "english_name": Level(
            -1.5, 0.4, "The family names agree; one given name may be an adopted English one."
        ),
        "english_name_on_one_line": Level(
            -0.2,
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
        "generation_missing_on_one_line": Level(
            -3.0,
            0.4,
            "One line and two mailboxes, and one lead adds junior or senior, as father and son do.",
        ),
        "initial": Level(4.0, 0.8, "The given name agrees with an initial."),
        "initial_rare": Level(
            5.5, 0.85, "The given name agrees with an initial, and the family name is rare."
        ),
        "initial_spelt_out": Level(
            6.5, 0.9, "The given name agrees with an initial, and a mailbox spells it out."
        ),
        "initials": Level(6.0, 0.9, "The initials of two given names agree."),
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
            -3.0,
            0.4,
            "The same given name and number or birthday, another family name: as after a wedding.",
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
        "a_generation_apart": Level(
            -10.0, 0.0, "The dates of birth are a generation apart, as a parent's and a child's."
        ),
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
