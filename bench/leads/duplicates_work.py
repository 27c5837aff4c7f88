"""Known people whose employer is written another way, or who write from another one."""

import re
from dataclasses import replace

from bench.leads import phones, slips
from bench.leads.duplicates_names import diacritics, initials, nickname
from bench.leads.naming import ascii_letters
from bench.leads.people import Firm, canonical
from bench.leads.scene import Entry, Scene, personal_mail, says
from bench.leads.view import View, use_mail


def _at_work(scene: Scene) -> tuple[View, Firm] | None:
    """Return a lead tied to the earlier one that names the employer."""
    firm = scene.person.firm
    if firm is None or scene.earlier.said.get("company") != firm.name:
        return None
    view = scene.tied("name", "company")
    return view, firm


def company_suffix(scene: Scene) -> View | None:
    """The legal form in another spelling, or left out."""
    if (found := _at_work(scene)) is None:
        return None
    view, firm = found
    forms = [*map(firm.with_form, firm.legal), firm.name, firm.with_form(firm.legal[-1]).upper()]
    others = [text for text in forms if text != scene.earlier.company]
    view.company = scene.rng.choice(others)
    return view


def company_acronym(scene: Scene) -> View | None:
    """The initials that a firm of several words goes by."""
    if (found := _at_work(scene)) is None:
        return None
    view, firm = found
    words = re.findall(r"\w+", firm.name)
    if len(words) < 3:
        return None
    view.company = "".join(word[0] for word in words).upper()
    view.said["company"] += "~"
    return view


def company_ampersand(scene: Scene) -> View | None:
    """`and`, `und`, `+` or nothing for an ampersand."""
    if (found := _at_work(scene)) is None:
        return None
    view, firm = found
    country = scene.person.country
    word = CONJUNCTIONS.get(next(iter(country.tongues)), "and")
    joint = scene.rng.choice((f" {word} ", " + ", "&", " "))
    view.company = firm.called.replace(" & ", joint, 1)
    return view


CONJUNCTIONS = {
    **{"german": "und", "french": "et", "spanish": "y", "portuguese": "e", "italian": "e"},
    **{"dutch": "en", "swedish": "och", "danish": "og", "polish": "i", "turkish": "ve"},
    **{"finnish": "ja", "hungarian": "és", "czech": "a", "romanian": "și", "indonesian": "dan"},
}
"""And, by language area."""


def company_typo(scene: Scene) -> View | None:
    """A finger slips in the firm's name."""
    if (found := _at_work(scene)) is None:
        return None
    view, firm = found
    first, _, rest = firm.called.partition(" ")
    if len(first) < 4:
        return None
    view.company = f"{slips.keyboard(scene.rng, first)} {rest}"
    view.said["company"] += "~"
    return view


def private_and_work_email(scene: Scene) -> View | None:
    """The other of a person's two mailboxes; name and phone, or name and firm, are the same."""
    person, said = scene.person, scene.earlier.said
    if not person.work_mailbox:
        return None
    other = person.mailbox
    if said["mail"] == canonical(other):
        other = person.work_mailbox
    linked = [link for link in ("phone", "company", "street", "born") if link in said]
    if not linked:
        return None
    question = {"street": "street", "born": "date_of_birth"}.get(linked[0], linked[0])
    number = scene.number if "phone" in said else None
    view = scene.again("name", "email", question, number=number)
    use_mail(view, other)
    return view


def moved_job(scene: Scene) -> View | None:
    """A new employer and its mailbox; the mobile or the private mailbox came along."""
    person = scene.person
    if person.firm is None or person.firm.name not in scene.earlier.said.get("company", ""):
        return None
    moved = replace(person)
    scene.world.employ(moved, scene.world.new_firm(person.country))
    after = Scene(scene.rng, scene.world, replace(scene.earlier, person=moved))
    if scene.earlier.said.get("phone") == phones.e164(person.mobile):
        return after.again(
            "name", "company", "phone", "email", number=person.mobile, mailbox=moved.work_mailbox
        )
    if scene.earlier.said.get("mail") == canonical(person.mailbox):
        return after.again("name", "company", "email", mailbox=person.mailbox)
    return None


def several_at_once(scene: Scene) -> View | None:
    """Capitals, a nickname or an initial, another phone style and a shorter firm at once."""
    view = scene.rng.choice((nickname, diacritics, initials))(scene)
    if view is None:
        return None
    changes = 1
    if view.mail and personal_mail(view):
        view.mail = scene.rng.choice((str.upper, str.title))(view.mail)
        changes += 1
    if view.phone and view.country:
        number = phones.parsed(view.said["phone"])
        view.phone = scene.rng.choice((phones.dotted, phones.solid, phones.double_zero))(number)
        changes += 1
    if view.company and scene.person.firm:
        view.company = ascii_letters(scene.person.firm.name).upper()
        changes += 1
    return view if changes > 1 else None


_WORK = says("given", "family", "company")


def _acronymic(view: View) -> bool:
    return _WORK(view) and len(re.findall(r"\w+", view.said["company"])) >= 3


def _joined(view: View) -> bool:
    return _WORK(view) and " & " in view.company


KINDS = (
    Entry("company_suffix", company_suffix, _WORK),
    Entry("company_acronym", company_acronym, _acronymic),
    Entry("company_ampersand", company_ampersand, _joined),
    Entry("company_typo", company_typo, _WORK),
    Entry(
        "private_and_work_email",
        private_and_work_email,
        lambda v: personal_mail(v) and "family" in v.said,
    ),
    Entry("moved_job", moved_job, _WORK),
    Entry("several_at_once", several_at_once, says("given", "family")),
)
"""Kinds of duplicates, with the leads that they can be made from."""
