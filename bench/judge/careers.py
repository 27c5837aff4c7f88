"""Duplicates: the same person from another desk, firm, house or form."""

from dataclasses import replace

from bench.judge import phones
from bench.judge.firms import Firm
from bench.judge.names import folded
from bench.judge.stage import (
    Encore,
    Lead,
    Scene,
    Stage,
    first_name,
    full_name,
    last_name,
)
from bench.judge.world import Person, has_common_name


def work_then_private(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Fills in the webinar form with work mail, then the pricing form from the telephone."""
    return Encore(me, stage.fill(me, "name mail mobile message?"), source="pricing-page")


def moved_job(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Returns after changing employer, with the same mobile."""
    firm = stage.world.employer(me.country)
    now = replace(me, firm=firm, work_mail=stage.world.work_mail(me, firm))
    return Encore(now, stage.fill(now, "split work mobile company title?"), (40, 300))


def moved_job_same_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Returns after changing employer, with the same private mailbox."""
    now = replace(me, firm=stage.world.employer(me.country))
    return Encore(now, stage.fill(now, "split mail company title?"), (40, 300))


def moved_house(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Has moved, kept the mobile and changed the mailbox."""
    city, postal, street = stage.world.place(me.country)
    now = replace(me, city=city, postal=postal, street=street, mail=stage.world.private_mail(me))
    return Encore(now, stage.fill(now, "name mail mobile street city postal"), (40, 300))


def moved_abroad(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Has moved to another country with a new number; the private mailbox stays."""
    country = stage.world.country()
    now = replace(me, mobile=stage.world.mobile(country), native=False)
    return Encore(now, stage.fill(now, "split mail mobile"), (40, 300))


def badge_then_form(stage: Stage, me: Person, lead: Lead) -> Encore:
    """A badge in capitals with the firm cut short; later the web form from the private mailbox."""
    lead["first_name"] = folded(first_name(me)).upper()
    lead["last_name"] = folded(last_name(me)).upper()
    lead["company"] = me.firm.stem.upper()
    again = stage.fill(me, "split mail company title")
    return Encore(me, again, ambiguous=has_common_name(me))


def linkedin_then_work(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The LinkedIn form has the private mailbox; later the work mailbox: same firm and title."""
    again = stage.fill(me, "split work company title")
    return Encore(me, again, ambiguous=has_common_name(me), source="webinar")


def assistant_enters_boss(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The assistant registers the boss: boss's name, mobile and firm, mailbox of the office."""
    again = stage.fill(me, "name mobile company") | {"email": f"office@{me.firm.domain}"}
    return Encore(me, again, source="webinar")


def switchboard_same_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The switchboard's number again, and the same name and firm, from the private mailbox."""
    return Encore(me, stage.fill(me, "split mail office company"), ambiguous=has_common_name(me))


def role_inbox_same_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes from the firm's shared inbox twice, under the same name."""
    lead["email"] = f"info@{me.firm.domain}"
    return Encore(me, stage.fill(me, "name company?") | {"email": lead["email"]})


def family_phone_same_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The family's fixed line again, and the same full name."""
    now = replace(me, mail=stage.world.private_mail(me))
    return Encore(now, stage.fill(now, "name mail? home city?"))


def freelancer(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Trades under the own name, and writes it as the company or leaves it out."""
    lead["company"] = full_name(me)
    return Encore(me, stage.fill(me, "split mobile message?"))


def born_and_lives_there(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Asks for insurance again with new mailbox and number: name, date of birth, street agree."""
    now = replace(me, mail=stage.world.private_mail(me), mobile=stage.world.mobile(me.country))
    return Encore(now, stage.fill(now, "split mail mobile dob street postal city"), (5, 300))


def lives_there(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Asks from the same street under the same name, with new mailbox and number."""
    now = replace(me, mail=stage.world.private_mail(me), mobile=stage.world.mobile(me.country))
    again = stage.fill(now, "split mail mobile street postal city")
    return Encore(now, again, (5, 200), ambiguous=has_common_name(me))


def firm_renamed(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The firm has a new domain and name; own name, title and direct mobile are the same."""
    firm = replace(stage.world.firm(me.country), office=me.firm.office, city=me.firm.city)
    now = replace(me, firm=firm, work_mail=stage.world.work_mail(me, firm))
    return Encore(now, stage.fill(now, "split work mobile company title"), (30, 300))


def alumni(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Was a student with a university mailbox; returns with a private one and the same mobile."""
    domain = university(me)
    lead["email"] = f"{me.given.usual[:1]}{me.number}@{domain}".lower()
    lead["email"] = folded(lead["email"])
    return Encore(me, stage.fill(me, "name mail mobile"), (60, 320))


def company_spelt(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes the firm without its form, as an acronym, with & or with a slip; the mobile agrees."""
    again = stage.fill(me, "split mail mobile title?")
    return Encore(me, again | {"company": respelt(stage, me.firm)})


def company_spelt_at_office(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes the firm otherwise; name and switchboard are the same."""
    again = stage.fill(me, "split mail office title")
    again["company"] = respelt(stage, me.firm)
    return Encore(me, again, ambiguous=has_common_name(me))


def several_at_once(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Short name, another mailbox, the number in another form, the firm without its form."""
    now = replace(me, mail=stage.world.private_mail(me))
    nick = stage.rng.choice(me.given.short).written(me.native)
    again = stage.fill(now, "mail city?") | {
        "first_name": nick,
        "last_name": folded(last_name(me)).upper(),
        "phone": phones.any_style(stage.rng, me.mobile),
        "company": f"{me.firm.stem} {me.firm.trade}",
    }
    return Encore(now, again)


def several_at_once_with_slip(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Work mailbox then private, capitals, a wrong digit; firm, title and town agree."""
    number = phones.slipped(stage.rng, me.mobile)
    again = stage.fill(me, "mail company title city")
    again |= {"name": folded(full_name(me)).upper(), "phone": phones.any_style(stage.rng, number)}
    return Encore(me, again, ambiguous=has_common_name(me))


def same_name_new_contact(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Only the name and the town agree: nobody can be sure."""
    now = replace(me, mail=stage.world.private_mail(me), mobile=stage.world.mobile(me.country))
    return Encore(now, stage.fill(now, "name mail mobile? city"), ambiguous=True)


def respelt(stage: Stage, firm: Firm) -> str:
    """Return the firm's name as others write it."""
    words = f"{firm.stem} {firm.trade}"
    ways = (words, words.upper(), firm.company.lower(), f"{firm.stem} & {firm.trade}",
            f"{words} Group", words[:-3] + words[-2] + words[-3] + words[-1:], firm.stem,
            "".join(word[0] for word in firm.company.split() if word[0].isalpha()))  # fmt: skip
    return stage.rng.choice(ways)


def university(me: Person) -> str:
    """Return the domain of the university in *me*'s town."""
    town = folded(me.city.rpartition("=")[2].split("/")[0]).lower().replace(" ", "")
    return f"students.uni-{town}.edu"


def _has_nick(me: Person) -> bool:
    return bool(me.given.short and me.family)


def _named(me: Person) -> bool:
    return me.family is not None


SCENES = {
    "work_then_private": Scene(work_then_private, "split work mobile company title?", weight=3),
    "moved_job": Scene(moved_job, "split work mobile company title?", weight=2),
    "moved_job_same_mail": Scene(moved_job_same_mail, "split mail company title?"),
    "moved_house": Scene(moved_house, "name mail mobile street city postal"),
    "moved_abroad": Scene(moved_abroad, "split mail mobile country?"),
    "badge_then_form": Scene(badge_then_form, "split work company title", can=_named),
    "linkedin_then_work": Scene(linkedin_then_work, "split mail company title", can=_named),
    "assistant_enters_boss": Scene(assistant_enters_boss, "split work mobile company title?"),
    "switchboard_same_name": Scene(
        switchboard_same_name, "split work office company title?", can=_named
    ),
    "role_inbox_same_name": Scene(role_inbox_same_name, "name mail company", can=_named),
    "family_phone_same_name": Scene(family_phone_same_name, "name mail home city?", can=_named),
    "freelancer": Scene(freelancer, "name mail mobile"),
    "born_and_lives_there": Scene(
        born_and_lives_there, "split mail mobile dob street postal city", can=_named
    ),
    "lives_there": Scene(lives_there, "split mail mobile street postal city", can=_named),
    "firm_renamed": Scene(firm_renamed, "split work mobile company title"),
    "alumni": Scene(alumni, "name mail mobile"),
    "company_spelt": Scene(company_spelt, "split work mobile company title?"),
    "company_spelt_at_office": Scene(
        company_spelt_at_office, "split work office company title", can=_named
    ),
    "several_at_once": Scene(several_at_once, "split work mobile company", can=_has_nick, weight=2),
    "several_at_once_with_slip": Scene(
        several_at_once_with_slip, "split work mobile company title city", can=_named
    ),
    "same_name_new_contact": Scene(
        same_name_new_contact, "name mail mobile? city", can=_named, weight=0.6
    ),
}
"""Kinds of this file."""
