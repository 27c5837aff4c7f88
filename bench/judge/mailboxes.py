"""Duplicates: somebody writes their own mailbox again, otherwise or wrongly."""

from collections.abc import Callable
from dataclasses import replace

from bench.judge.names import folded
from bench.judge.phones import any_style
from bench.judge.stage import Encore, Lead, Scene, Stage, local_part
from bench.judge.world import Person, countries

TYPO_DOMAINS = {
    "gmail.com": "gmail.con gmial.com gmai.com gamil.com gmail.co gmail.cm gnail.com gmal.com",
    "hotmail.com": "hotmial.com hotmail.con hotmai.com homail.com hotmail.co",
    "yahoo.com": "yaho.com yahoo.con yahooo.com yhaoo.com",
    "outlook.com": "outlok.com outlook.con outloook.com",
    "icloud.com": "iclod.com icloud.con icoud.com",
    "web.de": "wed.de web.ed",
    "orange.fr": "ornage.fr orange.f",
    "libero.it": "lbero.it libero.ti",
    "mail.ru": "mial.ru mail.tu",
    "seznam.cz": "senzam.cz seznam.cs",
    "naver.com": "navre.com naver.con",
    "qq.com": "qq.con",
    "wp.pl": "wp.lp",
    "ukr.net": "urk.net ukr.ner",
    "abv.bg": "abv.gb",
}
"""Slips of well-known providers, as fat fingers make them."""

TWIN_DOMAINS = {"yandex.ru": "ya.ru", "icloud.com": "me.com", "proton.me": "protonmail.com"}
"""Two names of one provider's mailbox."""


def same_again(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Presses the button twice."""
    return Encore(me, dict(lead), (0.00002, 0.004))


def email_case(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The telephone's keyboard capitalises the address, or Caps Lock is on."""
    local, domain = local_part(me.mail)
    spelt = stage.one_of(me.mail.upper(), me.mail.capitalize(), f"{local.title()}@{domain}")
    return Encore(me, stage.fill(me, "name?") | {"email": spelt})


def untidy_email(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Pastes the address with blanks, brackets or a full stop around it."""
    shape = stage.one_of(" {} ", "{}.", "<{}>", "mailto:{}", "{}\u00a0", "\t{}")
    return Encore(me, stage.fill(me, "name") | {"email": shape.format(me.mail)})


def plus_tag(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Marks the address with a tag to see who sells it."""
    local, domain = local_part(me.mail)
    tag = stage.one_of("promo", "webinar", "house", "test1", "shop2")
    return Encore(me, stage.fill(me, "name?") | {"email": f"{local}+{tag}@{domain}"})


def gmail_dots(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Sets the dots of a Gmail address elsewhere."""
    local = local_part(me.mail)[0].replace(".", "")
    at = stage.rng.randrange(1, len(local))
    return Encore(me, stage.fill(me, "split?") | {"email": f"{local[:at]}.{local[at:]}@gmail.com"})


def googlemail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Writes googlemail.com for gmail.com."""
    email = me.mail.replace("@gmail.com", "@googlemail.com")
    return Encore(me, stage.fill(me, "name?") | {"email": email})


def twin_domain(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Uses the other name of the provider's mailbox, under the same name."""
    local, domain = local_part(me.mail)
    return Encore(me, stage.fill(me, "split") | {"email": f"{local}@{TWIN_DOMAINS[domain]}"})


def email_only(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Signs up for the newsletter with nothing but the address."""
    return Encore(me, {"email": me.mail}, source="newsletter")


def new_phone(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Has a new number, but the same mailbox."""
    now = replace(me, mobile=stage.world.mobile(me.country))
    return Encore(now, stage.fill(now, "name mail mobile"), (20, 250))


def mailbox_other_name(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Signs somebody else up with the own mailbox: by contract the mailbox's owner."""
    other = stage.world.like(me)
    return Encore(me, stage.fill(other, "split") | {"email": me.mail})


def typo_provider(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Fat-fingers the provider (gmail.con), under the same name."""
    local, domain = local_part(me.mail)
    wrong = stage.one_of(*TYPO_DOMAINS[domain].split())
    return Encore(me, stage.fill(me, "name city?") | {"email": f"{local}@{wrong}"})


def typo_provider_nameless(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Fat-fingers the provider and gives no name: only a telling local part says who it is."""
    local, domain = local_part(me.mail)
    wrong = stage.one_of(*TYPO_DOMAINS[domain].split())
    return Encore(me, {"email": f"{local}@{wrong}"}, (0.001, 20), ambiguous=True)


def typo_local(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Slips within the own name in the address; name and number are right."""
    email = slipped_local(stage, me.mail)
    return Encore(me, stage.fill(me, "name mobile") | {"email": email}, (0.001, 60))


def typo_local_no_phone(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Slips within the own name in the address; the same name beside it, from the same line."""
    email = slipped_local(stage, me.mail)
    return Encore(me, stage.fill(me, "split city?") | {"email": email}, (0.001, 3), ip=me.ip)


def corrects_himself(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Sees the slip in the address and sends the form again a minute later, spelled right."""
    lead["email"] = slipped_local(stage, me.mail)
    again = lead | {"email": me.mail}
    if "phone" in again:
        again["phone"] = any_style(stage.rng, me.mobile)
    return Encore(me, again, (0.0003, 0.003))


def typo_work_domain(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Slips in the firm's domain; name and firm are the same."""
    local, domain = local_part(me.work_mail)
    name, _, tld = domain.rpartition(".")
    return Encore(me, stage.fill(me, "split company") | {"email": f"{local}@{swapped(name)}.{tld}"})


def firm_other_tld(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The firm answers under .com and .net alike; local part, name and firm are the same."""
    local, domain = local_part(me.work_mail)
    email = f"{local}@{domain.split('.')[0]}.net"
    return Encore(me, stage.fill(me, "split company") | {"email": email})


def accented_address(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Types the accents of the name into the address too."""
    accented = me.given.usual.lower().replace(" ", "")
    email = me.mail.replace(folded(accented), accented, 1)
    return Encore(me, stage.fill(me, "name mobile") | {"email": email})


def slipped_local(stage: Stage, address: str) -> str:
    """Return *address* with one letter of its local part lost, doubled or swapped."""
    local, domain = local_part(address)
    letters = [n for n in range(1, len(local) - 1) if local[n].isalpha()]
    at = stage.rng.choice(letters or [1])
    pair = local[at : at + 2]
    ways = [local[:at] + local[at + 1 :], local[: at + 1] + local[at:]]
    if len(set(pair)) == 2 and pair.isalpha():
        ways += [local[:at] + pair[::-1] + local[at + 2 :]] * 2
    return f"{stage.rng.choice(ways)}@{domain}"


def swapped(text: str) -> str:
    """Return *text* with two letters in the middle swapped."""
    for at in range(len(text) // 2, len(text) - 1):
        if text[at] != text[at + 1]:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:-1]


def _at(*domains: str) -> Callable[[Stage, Person], Person]:
    def move(stage: Stage, me: Person) -> Person:
        usual = set(countries()[me.country]["mail"].split())
        here = [domain for domain in domains if domain in usual] or list(domains)
        return replace(me, mail=stage.world.private_mail(me, stage.rng.choice(here)))

    return move


def _accented(me: Person) -> bool:
    given = me.given.usual.lower().replace(" ", "")
    return folded(given) != given and folded(given) in me.mail


SCENES = {
    "same_again": Scene(same_again, "split|name mail|work mobile? company? city?", weight=1.5),
    "email_case": Scene(email_case, "name? mail mobile?", weight=1.5),
    "untidy_email": Scene(untidy_email, "split mail mobile?"),
    "plus_tag": Scene(plus_tag, "name mail mobile?", before=_at("gmail.com", "outlook.com")),
    "gmail_dots": Scene(gmail_dots, "name mail mobile?", before=_at("gmail.com")),
    "googlemail": Scene(googlemail, "name? mail", before=_at("gmail.com")),
    "twin_domain": Scene(twin_domain, "split mail", before=_at(*TWIN_DOMAINS)),
    "email_only": Scene(email_only, "name mail mobile? city?", weight=1.5),
    "new_phone": Scene(new_phone, "name mail mobile"),
    "mailbox_other_name": Scene(mailbox_other_name, "split mail mobile?"),
    "typo_provider": Scene(typo_provider, "name mail mobile?", before=_at(*TYPO_DOMAINS)),
    "typo_provider_nameless": Scene(
        typo_provider_nameless, "name? mail", before=_at(*TYPO_DOMAINS), weight=0.4
    ),
    "typo_local": Scene(typo_local, "name mail mobile"),
    "typo_local_no_phone": Scene(typo_local_no_phone, "split mail city?"),
    "corrects_himself": Scene(corrects_himself, "split mail mobile company?"),
    "typo_work_domain": Scene(typo_work_domain, "split work company title?"),
    "firm_other_tld": Scene(firm_other_tld, "split work company title?"),
    "accented_address": Scene(
        accented_address, "split mail mobile", "de es pt fr sv is cs hu tr vi", can=_accented
    ),
}
"""Kinds of this file."""
