"""New people who share a home, a name or a filler with somebody known."""

from datetime import date, timedelta

from bench.leads import phones
from bench.leads.people import Person
from bench.leads.romanise import of_a_woman
from bench.leads.scene import Entry, Scene, personal_mail, says
from bench.leads.view import View, filled, key, use_phone
from bench.leads.vocabulary import Country, Spelled, countries, nicknames, spelled

PLACEHOLDER_PHONES = ("000-0000", "0000000000", "1234567890", "111 111 1111", "9999999999", "000")
"""What people type who don't want to be called."""

PLACEHOLDER_MAILS = (
    "test@test.com",
    "asdf@asdf.com",
    "no@no.com",
    "none@none.com",
    "a@a.com",
    "x@x.x",
)
"""What people type who don't want to be written to."""

PLACEHOLDER_NAMES = ("asdf", "test", "Test Test", "xxx", "n/a", "qwerty")
"""What people type who don't want to be named."""


def same_name_elsewhere(scene: Scene) -> View | None:
    """A namesake in another country."""
    other = scene.person
    places = [
        country
        for country in countries().values()
        if country.code != other.country.code and other.tongue in country.tongues
    ]
    if not places:
        return None
    return _namesake(scene, scene.rng.choice(places))


def same_name_in_country(scene: Scene) -> View | None:
    """A namesake in the same country, whose mailbox and phone are others."""
    return _namesake(scene, scene.person.country)


def _namesake(scene: Scene, country: Country) -> View:
    other = scene.person
    person = scene.world.person(country, other.tongue, other.given, other.family, other.woman)
    scene.world.doubles |= {person.number, other.number}
    needs = ["name"] + [
        q for q, token in (("email", "mail"), ("phone", "phone")) if token in scene.earlier.said
    ]
    view = filled(scene.rng, person, tuple(needs))
    if "country" in view.form.asks:
        view.country = country.code
    return view


def _relative(scene: Scene, woman: bool | None = None) -> Person | None:
    """Return a new person of the neighbour's family at the neighbour's address."""
    other, rng = scene.person, scene.rng
    woman = rng.random() < 0.5 if woman is None else woman
    family = other.family
    if woman != other.woman:
        found = _married_into(other)
        if found is None:
            woman = other.woman
        else:
            family = found
    person = scene.world.person(other.country, other.tongue, None, family, woman)
    at_home = scene.world.at_home[other.home.street, other.home.postal_code]
    at_home |= _called(other)
    if not at_home.isdisjoint(_called(person)):
        return None  # nobody names two children alike, nor twins Thomas and Tommy
    at_home |= _called(person)
    person.home = other.home
    return person


def _called(person: Person) -> set[str]:
    """Return the given name and its short forms."""
    formal = person.given.native or person.given.latin[0]
    short = nicknames(person.tongue).get(formal.replace(" ", "_"), ())
    return {name.lower() for name in (formal, *short)}


def _married_into(other: Person) -> Spelled | None:
    """Return the family's name as the other sex bears it; None where we know no rule."""
    gendered = other.tongue in ("russian", "bulgarian", "polish", "czech", "greek")
    if not gendered:
        return other.family
    if other.woman or other.tongue == "greek":
        return None
    form = of_a_woman(other.family.native or other.family.latin[0], other.tongue)
    return spelled(form, other.family.common)


def family_phone(scene: Scene) -> View | None:
    """Two of one family who give one phone."""
    if (person := _relative(scene)) is None:
        return None
    number = scene.number
    scene.world.shared_phones.add(phones.e164(number))
    person.landline = number
    view = filled(scene.rng, person, ("name", "phone"))
    use_phone(scene.rng, view, number)
    return view


def family_address(scene: Scene) -> View | None:
    """Two of one family at one address, each with a mailbox of their own."""
    if (person := _relative(scene)) is None:
        return None
    return filled(scene.rng, person, ("name", "email", "street"))


def twins(scene: Scene) -> View | None:
    """Twins: one family name, one birthday, often one initial and one address."""
    person = _relative(scene, woman=scene.person.woman)
    if person is None or not _first_time(scene, "twins"):
        return None
    for _ in range(6):
        if person.given.latin[0][0] == scene.person.given.latin[0][0]:
            break
        if (again := _relative(scene, woman=scene.person.woman)) is not None:
            person = again
    person.born = scene.person.born
    return filled(scene.rng, person, ("name", "date_of_birth", "email"))


def _first_time(scene: Scene, kind: str) -> bool:
    """Return whether this family was not asked for another of *kind*; note that it was."""
    mark = kind, scene.person.family.latin[0], str(scene.person.born)
    fresh = mark not in scene.world.asked
    scene.world.asked.add(mark)
    return fresh


ELDEST_SON = date(1972, 1, 1)
"""Fathers born later have no grown-up son yet."""

SUFFIXES = {
    **{tongue: ("Jr.", "Jr", "Junior", "II") for tongue in ("english", "filipino", "nigerian")},
    **{
        "portuguese": ("Filho", "Júnior", "Neto"),
        "german": ("jun.", "jr."),
        "spanish": ("Jr.", "hijo"),
    },
}
"""What tells a son from his father, by language area."""


def junior_senior(scene: Scene) -> View | None:
    """Father and son of one name and one address; the suffix and the mailbox tell them apart."""
    other, rng = scene.person, scene.rng
    if other.woman or other.suffix or other.tongue not in SUFFIXES:
        return None
    if other.born > ELDEST_SON or not _first_time(scene, "junior"):
        return None  # a second son of that name would be nobody
    person = scene.world.person(other.country, other.tongue, other.given, other.family, False)
    person.home = other.home
    person.suffix = rng.choice(SUFFIXES[other.tongue])
    years = timedelta(days=rng.randint(8000, 12500))
    person.born = other.born + years
    scene.world.doubles |= {person.number, other.number}
    questions = {"born": "date_of_birth", "street": "street", "mail": "email", "phone": "phone"}
    needs = tuple(q for token, q in questions.items() if token in scene.earlier.said)
    return filled(rng, person, ("name", *needs[:2]))


def sequential_phones(scene: Scene) -> View | None:
    """Numbers that differ by a few lines: two desks of one office, or two cards of one shop."""
    number = phones.neighbours(scene.number, scene.rng.choice((1, 1, 2, 3, -1, -2)))
    if number is None or not scene.world.claim_phone(number):
        return None
    other = scene.person
    person = scene.world.person(other.country, other.tongue)
    if key(person.given) == key(other.given) or key(person.family) == key(other.family):
        return None
    if scene.number == other.desk and other.firm:
        scene.world.employ(person, other.firm)
    person.desk = person.mobile = number
    view = filled(scene.rng, person, ("name", "phone"))
    use_phone(scene.rng, view, number)
    return view


def with_placeholder(scene: Scene, view: View) -> View:
    """Put a filler where *view* says something; another answer stays true."""
    open_to = [part for part in ("phone", "mail", "name") if part in view.said or part == "name"]
    part = scene.rng.choice([p for p in open_to if len({*view.said} - {p}) > 1] or ["name"])
    filler = {"phone": PLACEHOLDER_PHONES, "mail": PLACEHOLDER_MAILS, "name": PLACEHOLDER_NAMES}
    return _typed(view, part, scene.rng.choice(filler[part]))


def _typed(view: View, part: str, text: str) -> View:
    if part == "name":
        view.given = view.family = text if view.form.split else ""
        view.whole = "" if view.form.split else text
        view.middle = view.suffix = ""
        for token in ("given", "family", "suffix", "rare"):
            view.said.pop(token, None)
    else:
        setattr(view, part, text)
        view.said.pop(part, None)
    view.said["filler"] = f"{part}:{text}"
    return view


def placeholder_data(scene: Scene) -> View | None:
    """Two strangers who type the same filler: test@test.com, 000-0000, asdf."""
    part, _, text = scene.earlier.said["filler"].partition(":")
    person = scene.world.person(scene.person.country if scene.rng.random() < 0.7 else None)
    if key(person.given) == key(scene.person.given) or key(person.family) == key(
        scene.person.family
    ):
        return None
    return _typed(filled(scene.rng, person, ("name", "email", "phone")), part, text)


def _full(view: View) -> bool:
    return "given" in view.said and "family" in view.said


def _mobile(view: View) -> bool:
    return _full(view) and view.said.get("phone") == phones.e164(view.person.mobile)


def _private(view: View) -> bool:
    return _full(view) and personal_mail(view)


KINDS = (
    Entry("same_name_elsewhere", same_name_elsewhere, _private),
    Entry("same_name_in_country", same_name_in_country, _private),
    Entry("family_phone", family_phone, _mobile),
    Entry("family_address", family_address, says("given", "family", "street", "mail")),
    Entry("twins", twins, says("given", "family", "born")),
    Entry(
        "junior_senior",
        junior_senior,
        lambda v: _full(v) and ("born" in v.said or "street" in v.said),
    ),
    Entry("sequential_phones", sequential_phones, says("given", "family", "phone")),
    Entry(
        "placeholder_data",
        placeholder_data,
        lambda v: "filler" in v.said and ("mail" in v.said or "phone" in v.said),
    ),
)
"""Kinds of hard negatives, with the leads that may be the neighbour."""
