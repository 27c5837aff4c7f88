"""What a kind of arrival works with: an earlier lead, and the world it came from."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from phonenumbers import PhoneNumber

from bench.leads import phones
from bench.leads.people import Person, World, canonical
from bench.leads.view import View, filled, use_mail, use_phone

LINKS = {
    "mail": "email",
    "phone": "phone",
    "company": "company",
    "street": "street",
    "born": "date_of_birth",
}
"""What may tie two leads of one person together, and the question that asks for it."""


SECOND_MAILBOX = 0.4
"""Share of later leads, tied by something else, on which a person gives a mailbox not seen yet."""

SECOND_PHONE = 0.25
"""Share of later leads, tied by something else, on which a person gives a phone not seen yet."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An earlier lead, and who made it."""

    rng: random.Random
    world: World
    earlier: View

    @property
    def person(self) -> Person:
        """Who sent the earlier lead."""
        return self.earlier.person

    @property
    def number(self) -> PhoneNumber:
        """The number that the earlier lead gives."""
        return phones.parsed(self.earlier.said["phone"])

    def again(self, *needs: str, mailbox: str = "", number: PhoneNumber | None = None) -> View:
        """Return the person's answers on another form, with *mailbox* and *number* where asked."""
        view = filled(self.rng, self.person, needs)
        if mailbox and view.mail:
            use_mail(view, mailbox)
        if number and view.phone:
            use_phone(self.rng, view, number)
        return view

    def tied(self, *needs: str) -> View:
        """Return answers on another form that share something strong with the earlier lead."""
        said = self.earlier.said
        links = [link for link in LINKS if link in said and self._open(link)]
        if not links:
            return self.again(*needs)
        link = self.rng.choice([*links, links[0]])
        view = self.again(*needs, LINKS[link])
        if link == "mail":
            use_mail(view, self.mailbox())
        elif link == "phone":
            use_phone(self.rng, view, self.number)
        self._contradict(view, link)
        return view

    def _contradict(self, view: View, link: str) -> None:
        """Let a mailbox or a phone that does not tie the leads be another one of the person's."""
        person = self.person
        if link != "mail" and view.mail and self.rng.random() < SECOND_MAILBOX:
            person.more_mailboxes.append(self.world.private_mailbox(person))
            use_mail(view, person.more_mailboxes[-1])
        if link != "phone" and view.phone and self.rng.random() < SECOND_PHONE:
            use_phone(self.rng, view, self.world.phone(person.country, mobile=True))

    def mailbox(self) -> str:
        """Return the address that the earlier lead gives, as its owner usually writes it."""
        true = self.earlier.said["mail"].rstrip("~")
        person = self.person
        owned = (person.mailbox, person.work_mailbox, *person.more_mailboxes)
        return next((box for box in owned if box and canonical(box) == true), true)

    def _open(self, link: str) -> bool:
        if link == "mail":
            return not self.earlier.said["mail"].startswith("role:")
        return link != "company" or self.person.firm is not None


Kind = Callable[[Scene], View | None]
"""Returns a new lead's answers, or None where the earlier lead does not lend itself to it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind in its registry."""

    name: str
    kind: Kind
    suits: Callable[[View], bool]
    """Whether a lead lends itself to be the earlier one."""
    share: float = 1.0
    """How often it is made, against the others of its registry."""


def says(*answers: str) -> Callable[[View], bool]:
    """Return a test for leads that say all of *answers*, in words of `View.said`."""
    return lambda view: all(answer in view.said for answer in answers)


def personal_mail(view: View) -> bool:
    """Return True if the lead gives a mailbox that is the person's own."""
    return "mail" in view.said and not view.said["mail"].startswith("role:")


def at(*domains: str) -> Callable[[View], bool]:
    """Return a test for leads with a mailbox at one of *domains*."""
    return lambda view: personal_mail(view) and view.mail.lower().rpartition("@")[2] in domains
