"""New people who share an employer, or something of one, with somebody known."""

from bench.leads import naming, phones
from bench.leads.people import Firm, Person
from bench.leads.scene import Entry, Scene, personal_mail, says
from bench.leads.view import View, filled, key, use_mail, use_phone, use_role
from bench.leads.vocabulary import Spelled


def _colleague(
    scene: Scene,
    given: Spelled | None = None,
    family: Spelled | None = None,
    own_line: float = 0.35,
) -> Person | None:
    """Return a new person at the neighbour's firm; names not given differ from the neighbour's."""
    other, firm = scene.person, scene.person.firm
    if firm is None:
        return None
    woman = other.woman if given or family else None
    person = scene.world.person(other.country, other.tongue, given, family, woman)
    if given is None and key(person.given) == key(other.given):
        return None
    if family is None and key(person.family) == key(other.family):
        return None
    if person.firm:
        person.firm.people.remove(person)
    scene.world.employ(person, firm, own_line)
    return person


def colleague_same_first(scene: Scene) -> View | None:
    """Two colleagues of one given name."""
    person = _colleague(scene, given=scene.person.given)
    return filled(scene.rng, person, ("name", "email", "company")) if person else None


def colleague_same_last(scene: Scene) -> View | None:
    """Two colleagues of one family name: relatives in a family firm, or chance."""
    person = _colleague(scene, family=scene.person.family)
    return filled(scene.rng, person, ("name", "email", "company")) if person else None


def colleagues_switchboard(scene: Scene) -> View | None:
    """Two colleagues who both give the number of the front desk."""
    firm = scene.person.firm
    if firm is None or scene.earlier.said["phone"] != phones.e164(firm.switchboard):
        return None
    if (person := _colleague(scene, own_line=0.0)) is None:
        return None
    view = filled(scene.rng, person, ("name", "phone", "company"))
    use_phone(scene.rng, view, firm.switchboard)
    return view


def homonym_colleague(scene: Scene) -> View | None:
    """Two colleagues of one full name, each with a mailbox and a line of their own."""
    other = scene.person
    if scene.earlier.said["mail"] != other.work_mailbox or not other.family.common:
        return None
    person = _colleague(scene, other.given, other.family, own_line=1.0)
    if person is None or person.desk is None:
        return None
    scene.world.doubles |= {person.number, other.number}
    view = filled(scene.rng, person, ("name", "email", "company", "phone", "job_title"))
    use_mail(view, person.work_mailbox)
    use_phone(scene.rng, view, person.desk)
    return view


def role_inbox(scene: Scene) -> View | None:
    """Several people write from info@."""
    person = _colleague(scene)
    if person is None or person.firm is None:
        return None
    view = filled(scene.rng, person, ("name", "email", "company"))
    use_role(view, person.firm)
    return view


def office_ip(scene: Scene) -> View | None:
    """Two people behind one office's address, who may work for different firms."""
    firm = scene.person.firm
    if firm is None or scene.earlier.ip != firm.ip:
        return None
    person = _colleague(scene) if scene.rng.random() < 0.6 else _stranger(scene)
    if person is None:
        return None
    view = filled(scene.rng, person, ("name", "email"))
    view.ip = firm.ip
    return view


def _stranger(scene: Scene) -> Person | None:
    person = scene.world.person(scene.person.country, scene.person.tongue)
    same = key(person.given) == key(scene.person.given) or key(person.family) == key(
        scene.person.family
    )
    return None if same else person


def similar_companies(scene: Scene) -> View | None:
    """Two firms whose names differ in a word, and people who share at most a given name."""
    firm, other, rng = scene.person.firm, scene.person, scene.rng
    if firm is None or scene.earlier.said["company"] != firm.name:
        return None
    name = _alike(scene, firm)
    given = other.given if rng.random() < 0.5 else None
    person = scene.world.person(
        other.country, other.tongue, given, None, other.woman if given else None
    )
    if name == firm.name or key(person.family) == key(other.family):
        return None
    scene.world.employ(person, scene.world.new_firm(other.country, name))
    return filled(rng, person, ("name", "email", "company"))


def _alike(scene: Scene, firm: Firm) -> str:
    """Return a name that shares the first or the last word with *firm*'s."""
    first, _, rest = firm.name.partition(" ")
    fresh = naming.firm(scene.rng, scene.person.country).split(" ")
    return f"{first} {fresh[-1]}" if scene.rng.random() < 0.6 else f"{fresh[0]} {rest}"


_WORK = says("given", "family", "company")


def _role(view: View) -> bool:
    return view.said.get("mail", "").startswith("role:") and _WORK(view)


KINDS = (
    Entry("colleague_same_first", colleague_same_first, lambda v: _WORK(v) and personal_mail(v)),
    Entry("colleague_same_last", colleague_same_last, lambda v: _WORK(v) and personal_mail(v)),
    Entry(
        "colleagues_switchboard",
        colleagues_switchboard,
        says("given", "family", "phone", "company"),
    ),
    Entry("homonym_colleague", homonym_colleague, lambda v: _WORK(v) and personal_mail(v)),
    Entry("role_inbox", role_inbox, _role),
    Entry("office_ip", office_ip, lambda v: v.form.work and "family" in v.said and bool(v.ip)),
    Entry("similar_companies", similar_companies, _WORK),
)
"""Kinds of hard negatives, with the leads that may be the neighbour."""
