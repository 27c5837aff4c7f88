"""Known people who write their mailbox or their phone another way."""

import random
import re
from collections.abc import Callable

from bench.leads import phones, slips
from bench.leads.forms import asking_only
from bench.leads.people import canonical
from bench.leads.scene import Entry, Scene, at, personal_mail, says
from bench.leads.view import View, copied, use_mail, use_phone

TAGS = ("news", "leads", "web", "promo", "shop", "2026", "work", "offers", "spam")
"""What people add to a mailbox to see who passes it on."""


def exact(scene: Scene) -> View:
    """The same form sent twice: a double click, a reload, an impatient visitor."""
    return copied(scene.earlier)


def email_case(scene: Scene) -> View:
    """A phone's keyboard or caps lock writes the address in capitals."""
    view = scene.again("email", mailbox=scene.mailbox())
    style = scene.rng.choice((str.upper, str.title, str.capitalize))
    view.mail = style(view.mail)
    return view


def plus_tag(scene: Scene) -> View:
    """The mailbox with a tag, which the provider ignores."""
    view = scene.again("email", mailbox=scene.mailbox())
    view.mail = view.mail.replace("@", f"+{scene.rng.choice(TAGS)}@")
    return view


def gmail_dots(scene: Scene) -> View | None:
    """Gmail ignores dots, and so do some who type the address."""
    view = scene.again("email", mailbox=scene.mailbox())
    local, _, domain = view.mail.partition("@")
    bare = local.replace(".", "")
    place = scene.rng.randrange(1, len(bare)) if len(bare) > 3 else 1
    view.mail = f"{bare if '.' in local else bare[:place] + '.' + bare[place:]}@{domain}"
    return view


def googlemail(scene: Scene) -> View:
    """One mailbox under Gmail's two names."""
    view = scene.again("email", mailbox=scene.mailbox())
    view.mail = view.mail.replace("@gmail.com", "@googlemail.com")
    return view


def typo_domain(scene: Scene) -> View:
    """A big provider mistyped; nobody has a mailbox at gmial.com."""
    view = scene.again("email", mailbox=scene.mailbox())
    local, _, domain = view.mail.partition("@")
    view.mail = f"{local}@{scene.rng.choice(slips.MISTYPED[domain])}"
    return view


def typo_local(scene: Scene) -> View | None:
    """A slip in the mailbox's own part; the name or the phone says who is meant."""
    needs = ("email", "phone") if "phone" in scene.earlier.said else ("email", "name")
    number = scene.number if "phone" in scene.earlier.said else None
    view = scene.again(*needs, mailbox=scene.mailbox(), number=number)
    local, _, domain = view.mail.partition("@")
    wrong = f"{slips.keyboard(scene.rng, local)}@{domain}"
    if scene.world.taken(wrong) or not re.fullmatch(r"\w+(?:[.-]\w+)*", wrong.partition("@")[0]):
        return None
    view.mail = wrong
    view.said["mail"] = f"{canonical(scene.mailbox())}~"
    return view


def phone_format(scene: Scene) -> View:
    """The same number in other groups, with dots or brackets; the country is said or plain."""
    view = scene.again("phone", number=scene.number)
    styles = phones.AT_HOME if view.country else phones.ABROAD
    view.phone = scene.rng.choice(styles)(scene.number)
    return view


def missing_country_code(scene: Scene) -> View:
    """The number as dialled at home, on a form that asks for no country."""
    view = scene.again("phone", number=scene.number)
    view.phone = scene.rng.choice(phones.AT_HOME)(scene.number)
    view.country = ""
    return view


def international_prefix(scene: Scene) -> View:
    """00 or nothing where the plus sign belongs."""
    view = scene.again("phone", number=scene.number)
    styles = [phones.no_plus(scene.number)]
    if (zeros := phones.double_zero(scene.number)).startswith("00"):
        styles.append(zeros)
    view.phone = scene.rng.choice(styles)
    return view


def extension(scene: Scene) -> View | None:
    """The phone at work, now with the extension."""
    desk = scene.person.desk
    if desk is None or phones.e164(desk) != scene.earlier.said["phone"]:
        return None
    needs = ("name", "phone", "company") if "company" in scene.earlier.said else ("name", "phone")
    view = scene.again(*needs, number=desk)
    word = scene.rng.choice(("ext. ", "x", " ext ", " #"))
    view.phone = f"{phones.international(desk)} {word.strip()} {scene.rng.randint(10, 899)}"
    return view


def swapped_digits(scene: Scene) -> View | None:
    """Two digits of the phone in the wrong order, beside other evidence."""
    return _misdialled(scene, slips.swapped_digits)


def wrong_digit(scene: Scene) -> View | None:
    """One digit of the phone wrong, beside other evidence."""
    return _misdialled(scene, slips.wrong_digit)


def _misdialled(scene: Scene, slip: Callable[[random.Random, str], str]) -> View | None:
    wrong = slip(scene.rng, scene.earlier.said["phone"])
    if wrong == scene.earlier.said["phone"] or not scene.world.claim_phone(phones.parsed(wrong)):
        return None
    box = scene.mailbox() if personal_mail(scene.earlier) and scene.rng.random() < 0.4 else ""
    needs = ("name", "phone", "email") if box else ("name", "phone")
    view = scene.again(*needs, mailbox=box)
    use_phone(scene.rng, view, phones.parsed(wrong))
    view.said["phone"] = f"{scene.earlier.said['phone']}~"
    return view


def email_only(scene: Scene) -> View:
    """The newsletter's one field: a mailbox that we know."""
    view = View(scene.person, asking_only("email"), ip=scene.earlier.ip)
    use_mail(view, scene.mailbox())
    return view


def phone_only(scene: Scene) -> View:
    """The call-back button's one field: a number that we know."""
    view = View(scene.person, asking_only("phone"), ip=None)
    use_phone(scene.rng, view, scene.number)
    return view


def role_inbox_again(scene: Scene) -> View | None:
    """The same named person writes from the firm's common inbox once more."""
    firm = scene.person.firm
    if firm is None:
        return None
    view = scene.again("name", "email", "company")
    view.mail, view.said["mail"] = scene.earlier.mail, scene.earlier.said["mail"]
    return view


def _role(view: View) -> bool:
    return view.said.get("mail", "").startswith("role:") and "given" in view.said


def _reachable(view: View) -> bool:
    return personal_mail(view) or "phone" in view.said


def _typed_mail(view: View) -> bool:
    return personal_mail(view) and ("phone" in view.said or "family" in view.said)


KINDS = (
    Entry("exact", exact, _reachable),
    Entry("email_case", email_case, personal_mail),
    Entry("plus_tag", plus_tag, at("gmail.com", "outlook.com", "icloud.com", "hotmail.com")),
    Entry("gmail_dots", gmail_dots, at("gmail.com")),
    Entry("googlemail", googlemail, at("gmail.com")),
    Entry("typo_domain", typo_domain, at(*slips.MISTYPED)),
    Entry("typo_local", typo_local, _typed_mail),
    Entry("phone_format", phone_format, says("phone")),
    Entry("missing_country_code", missing_country_code, says("phone")),
    Entry("international_prefix", international_prefix, says("phone")),
    Entry("extension", extension, says("phone", "family")),
    Entry("swapped_digits", swapped_digits, says("phone", "family")),
    Entry("wrong_digit", wrong_digit, says("phone", "family")),
    Entry("email_only", email_only, personal_mail),
    Entry("phone_only", phone_only, says("phone")),
    Entry("role_inbox_again", role_inbox_again, _role),
)
"""Kinds of duplicates, with the leads that they can be made from."""
