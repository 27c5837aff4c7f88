"""What a person is about to say on a form, before the form lays it out as fields."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime

from phonenumbers import PhoneNumber

from bench.leads import phones
from bench.leads.forms import FORMS, Form
from bench.leads.people import Firm, Person, canonical
from bench.leads.vocabulary import Spelled, working

FULL_NAME_FIRST = ("hungarian", "vietnamese", "chinese", "japanese", "korean")
"""Language areas that say the family name first."""


@dataclass(slots=True)
class View:
    """One person's answers on one form. A kind changes them; `lead` lays them out."""

    person: Person
    form: Form
    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    native: bool = False
    """True if the name stands in the people's own script."""
    mail: str = ""
    phone: str = ""
    company: str = ""
    title: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    born: str = ""
    message: str = ""
    whole: str = ""
    """The full name as one text, where a kind wants it its own way."""
    ip: str | None = None
    said: dict[str, str] = field(default_factory=dict)
    """What each answer truly names (mailbox, number, …): `evidence.py` reads it. A tilde at the
    end says that the answer comes near, but misses."""

    def lead(self) -> dict[str, str]:
        """Return `lead_data` as the form posts it."""
        fields = self._name() | {
            "email": self.mail,
            "phone": self.phone,
            "company": self.company,
            "job_title": self.title,
            "street": self.street,
            "city": self.city,
            "state": self.state,
            "postal_code": self.postal_code,
            "country": self.country,
            "date_of_birth": self.born,
            "message": self.message,
        }
        return {key: text for key, text in fields.items() if text}

    def _name(self) -> dict[str, str]:
        if self.whole:
            return {"name": self.whole}
        if not self.form.split:
            return {"name": self.full_name()}
        family = " ".join(filter(None, (self.family, self.suffix)))
        given = " ".join(filter(None, (self.given, self.middle)))
        return {"first_name": given, "last_name": family}

    def full_name(self) -> str:
        """Return the name in the order that the language area says it."""
        first = self.person.tongue in FULL_NAME_FIRST
        if self.native and first:
            return f"{self.family}{self.given}" if self.family else self.given
        # Abroad half of those whose family name goes first turn it round.
        turned = first and self.person.tongue not in ("hungarian", "vietnamese")
        if first and not (turned and self.person.number % 2):
            parts = [self.family, self.middle, self.given]
        else:
            parts = [self.given, self.middle, self.family, self.suffix]
        return " ".join(filter(None, parts))


@dataclass(slots=True)
class Draft:
    """A lead that awaits its place in the order of arrival."""

    view: View
    at: datetime
    kind: str
    of: "Draft | None" = None
    ambiguous: bool = False


def form_with(rng: random.Random, needs: tuple[str, ...], person: Person) -> Form:
    """Return a form that asks for all of *needs*; people without an employer fill no B2B form."""
    fit = [
        form
        for form in FORMS
        if all(need in form.asks for need in needs)
        and (person.firm is not None or "company" not in form.asks)
    ]
    return rng.choices(fit, [form.weight for form in fit])[0]


def filled(rng: random.Random, person: Person, needs: tuple[str, ...] = ()) -> View:
    """Return *person*'s truthful answers on a form that asks for *needs*, which are not skipped."""
    form = form_with(rng, needs, person)
    asked = [f for f in form.asks if f in needs or rng.random() < form.often.get(f, 1.0)]
    view = View(person, form)
    for question in asked:
        _ANSWERS[question](rng, view)
    view.ip = _ip(rng, view)
    return view


def _ip(rng: random.Random, view: View) -> str | None:
    if rng.random() < 0.25:
        return None  # sent by a server that doesn't pass it on
    firm = view.person.firm
    if view.form.work and firm and rng.random() < 0.6:
        return firm.ip
    return (
        view.person.ip
        if rng.random() < 0.6
        else f"{view.person.ip.rsplit('.', 1)[0]}.{rng.randint(1, 254)}"
    )


def say_name(rng: random.Random, view: View) -> None:
    """Write the full name."""
    person = view.person
    if person.family.native and person.given.native:
        view.native = rng.random() < person.country.native
    view.given = written(person.given, view.native, person.habit)
    view.family = written(person.family, view.native, person.habit)
    if person.middle and rng.random() < 0.4:
        view.middle = written(person.middle, view.native, person.habit)
    view.suffix = person.suffix
    view.said |= {"given": key(person.given), "family": key(person.family)}
    if person.suffix:
        view.said["suffix"] = person.suffix
    if not (person.family.common and person.given.common):
        view.said["rare"] = "yes"


def say_given(rng: random.Random, view: View) -> None:
    """Write the given name alone."""
    say_name(rng, view)
    view.family = view.middle = view.suffix = ""
    for token in ("family", "rare", "suffix"):
        view.said.pop(token, None)


def written(name: Spelled, native: bool, habit: int) -> str:
    """Return *name* in its own script or in the romanisation its bearer prefers."""
    return name.native if native else name.latin[min(habit, len(name.latin) - 1)]


def key(name: Spelled) -> str:
    """Return what tells two names apart, however they are written."""
    return (name.native or name.latin[0]).lower()


ROLE_SHARE = 0.06
"""Share of B2B leads that give the firm's inbox for everybody."""

ROLES = ("info", "info", "office", "contact", "sales", "reception", "hello", "admin")
"""What such inboxes are called; each firm uses one."""


def role_inbox(firm: Firm) -> str:
    """Return the address of *firm* that everybody reads."""
    return f"{ROLES[len(firm.name) % len(ROLES)]}@{firm.domain}"


def use_role(view: View, firm: Firm) -> None:
    """Write the inbox that everybody at *firm* reads."""
    view.mail = role_inbox(firm)
    view.said |= {"mail": f"role:{view.mail}", "mail_kind": "work"}


def say_mail(rng: random.Random, view: View) -> None:
    """Write the mailbox that fits the form."""
    person = view.person
    if view.form.work and person.firm and rng.random() < ROLE_SHARE:
        use_role(view, person.firm)
        return
    work = person.work_mailbox and rng.random() < view.form.at_work
    use_mail(view, person.work_mailbox if work else person.mailbox)


def use_mail(view: View, address: str) -> None:
    """Write *address*."""
    view.mail = address
    private = address.rpartition("@")[2] in view.person.country.mail
    view.said |= {"mail": canonical(address), "mail_kind": "private" if private else "work"}


def say_phone(rng: random.Random, view: View) -> None:
    """Write the phone that fits the form."""
    person = view.person
    desk = person.desk if view.form.work and person.desk and rng.random() < 0.5 else None
    home = person.landline if person.landline and rng.random() < 0.5 else None
    use_phone(rng, view, desk or home or person.mobile)


def use_phone(rng: random.Random, view: View, number: PhoneNumber) -> None:
    """Write *number*; what is typed freely is in national style where the country is known."""
    styles = phones.AT_HOME if not view.form.dial_code and rng.random() < 0.6 else phones.ABROAD
    view.phone = rng.choice(styles)(number)
    view.said["phone"] = phones.e164(number)
    if styles is phones.AT_HOME and "country" in view.form.asks:
        _say_country(rng, view)


def _say_company(rng: random.Random, view: View) -> None:
    firm = view.person.firm
    assert firm is not None
    view.company = firm.called if rng.random() < 0.7 else firm.name
    view.said["company"] = firm.name


def _say_title(rng: random.Random, view: View) -> None:
    view.title = view.said["title"] = view.person.title


def _say_street(rng: random.Random, view: View) -> None:
    home = view.person.home
    view.street, view.postal_code = home.street, home.postal_code
    view.said["street"] = f"{home.street}, {home.city}"


def _say_city(rng: random.Random, view: View) -> None:
    home = view.person.firm.place if view.form.work and view.person.firm else view.person.home
    view.city = view.said["city"] = home.city
    if view.form.work:
        return
    view.state = home.state if rng.random() < 0.5 else ""
    view.postal_code = home.postal_code if rng.random() < 0.6 else view.postal_code
    if view.postal_code:
        view.said["postal"] = view.postal_code


def _say_country(rng: random.Random, view: View) -> None:
    view.country = view.person.country.code


def _say_born(rng: random.Random, view: View) -> None:
    view.born = view.person.born.isoformat()
    view.said["born"] = view.born


def _say_message(rng: random.Random, view: View) -> None:
    view.message = rng.choice(working(view.person.country.code).messages)


_ANSWERS = {
    "name": say_name,
    "given": say_given,
    "email": say_mail,
    "phone": say_phone,
    "company": _say_company,
    "job_title": _say_title,
    "street": _say_street,
    "city": _say_city,
    "country": _say_country,
    "date_of_birth": _say_born,
    "message": _say_message,
}
"""How a person answers each question of a form."""


def copied(view: View) -> View:
    """Return the same answers, free to be changed."""
    return replace(view, said=dict(view.said))
