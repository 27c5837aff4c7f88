"""Hard negatives: people of one firm, one building, one school or one desk."""

from dataclasses import replace
from typing import Any

from bench.judge import phones
from bench.judge.careers import university
from bench.judge.names import cultures
from bench.judge.stage import Encore, Lead, Scene, Stage
from bench.judge.world import Person

AT_WORK = "split work mobile|office? company title?"


def colleague(stage: Stage, me: Person, **shared: Any) -> Person:
    """Return another person of *me*'s firm, in another post, with another full name."""
    other = unlike(stage, me, firm=me.firm, ip=me.firm.ip, **shared)
    while other.title == me.title:
        other = replace(other, title=stage.rng.choice(OTHER_POSTS))
    return other


def unlike(stage: Stage, me: Person, **shared: Any) -> Person:
    """Return another person of *me*'s country, of other names where they are not shared."""
    while True:
        other = stage.world.like(me, **shared)
        given_free = "given" in shared or other.given.usual[:3] != me.given.usual[:3]
        if given_free and ("family" in shared or other.family != me.family):
            return other


def colleague_same_domain(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the firm."""
    other = colleague(stage, me)
    return Encore(other, stage.fill(other, AT_WORK), ip=other.ip)


def colleague_same_first(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the firm, with the same given name."""
    other = colleague(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, AT_WORK))


def colleague_same_last(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the family firm, with the same family name."""
    other = colleague(stage, me, family=me.family)
    return Encore(other, stage.fill(other, AT_WORK))


def spouses_in_firm(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Husband and wife run the firm: one family name, switchboard and street, two mailboxes."""
    sex = "m" if me.sex == "f" else "f"
    other = colleague(stage, me, family=me.family, sex=sex, city=me.city, street=me.street)
    return Encore(other, stage.fill(other, "split work office company city"))


def switchboard(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the firm behind the same switchboard."""
    other = colleague(stage, me)
    return Encore(other, stage.fill(other, "name work office company? title?"))


def switchboard_no_mail(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The switchboard's number again with another full name, and no mailbox."""
    other = colleague(stage, me)
    return Encore(other, stage.fill(other, "name office company?"), source="call-list")


def switchboard_same_first(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The same switchboard and given name; family name, mailbox and post differ."""
    other = colleague(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "split work office company title"))


def extensions(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two desks of one firm: one number, two extensions."""
    other = colleague(stage, me)
    lead["phone"] = phones.extended(me.firm.office, stage.rng.randint(10, 49))
    number = phones.extended(me.firm.office, stage.rng.randint(50, 99))
    return Encore(other, stage.fill(other, "split work company") | {"phone": number})


def direct_dials(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two desks of one firm with neighbouring numbers."""
    other = colleague(stage, me)
    national = me.firm.office.national
    last = int(national[-2:])
    near = me.firm.office.altered(national[:-2] + f"{(last + 1) % 100:02}")
    return Encore(other, stage.fill(other, "split work company") | {"phone": near.e164})


def homonym_colleagues(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people of one common name in one firm: own mailboxes, mobiles and posts."""
    other = colleague(stage, me, given=me.given, family=me.family, second=me.second, sex=me.sex)
    return Encore(other, stage.fill(other, "split work mobile company title"))


def near_names(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Jan and Jana, Mario and Maria: two people of one firm, one family name, two mailboxes."""
    two = NEAR[me.culture][1]
    given = {name.usual: name for sex in "mf" for name, _ in cultures()[me.culture].common[sex]}
    other = colleague(stage, me, given=given[two], family=me.family, sex="f")
    return Encore(other, stage.fill(other, "split work mobile? company title"))


def successor(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Takes over a post and its telephone: another name, another mailbox."""
    other = unlike(stage, me, firm=me.firm, title=me.title)
    return Encore(other, stage.fill(other, "split work office company title"), (40, 300))


def assistant(stage: Stage, me: Person, lead: Lead) -> Encore:
    """The assistant asks too, with the boss's office number."""
    other = replace(colleague(stage, me), title="Executive Assistant")
    return Encore(other, stage.fill(other, "name work office title company?"))


def role_inbox(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the clinic asks from its shared inbox."""
    inboxes = ("reception", "info", "office", "sales", "contact", "admin")
    lead["email"] = f"{inboxes[me.number % 6]}@{me.firm.domain}"
    other = colleague(stage, me)
    return Encore(other, stage.fill(other, "name company? mobile?") | {"email": lead["email"]})


def role_inbox_native(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person asks from the shared inbox, whose name is in the language of the country."""
    lead["email"] = f"{ROLES[me.country]}@{me.firm.domain}"
    other = colleague(stage, me)
    return Encore(other, stage.fill(other, "name company?") | {"email": lead["email"]})


def role_inbox_and_switchboard(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another person of the firm gives its shared inbox and its switchboard."""
    lead["email"] = f"info@{me.firm.domain}"
    other = colleague(stage, me)
    again = stage.fill(other, "split office company") | {"email": lead["email"]}
    return Encore(other, again)


def role_inbox_nameless(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Somebody asks from the shared inbox without a name: nobody can be sure."""
    lead["email"] = f"info@{me.firm.domain}"
    other = colleague(stage, me)
    return Encore(other, {"email": lead["email"]}, ambiguous=True)


def agency_inbox(stage: Stage, me: Person, lead: Lead) -> Encore:
    """An agency sends its clients' leads from its own shared inbox: other name, mobile, firm."""
    lead["email"] = f"marketing@{me.firm.domain}"
    other = unlike(stage, me)
    again = stage.fill(other, "name mobile company") | {"email": lead["email"]}
    return Encore(other, again, ip=me.firm.ip)


def franchise(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another branch of the franchise: one domain and company, another town and person."""
    city, postal, street = stage.world.place(me.country)
    while city == me.city and me.country != "SG":
        city, postal, street = stage.world.place(me.country)
    other = colleague(stage, me, city=city, postal=postal, street=street)
    return Encore(other, stage.fill(other, "split work company city mobile?"))


def similar_company(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Another firm with nearly the same name, and a person with the same given name."""
    trade = stage.one_of("Holdings", "Systems", "Trading", "Supply")
    firm = replace(stage.world.firm(me.country), stem=me.firm.stem, trade=trade)
    other = unlike(stage, me, firm=firm, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "split work company title mobile?"))


def same_company_private(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people of one firm with private mailboxes and one given name."""
    other = colleague(stage, me, given=me.given, sex=me.sex)
    return Encore(other, stage.fill(other, "split mail company title"), source="linkedin-leads")


def office_ip(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two people behind one office address, minutes apart, with private mailboxes."""
    other = unlike(stage, me)
    return Encore(other, stage.fill(other, "name mail mobile?"), (0.0005, 0.02), ip=me.ip)


def coworking(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two firms in one coworking space: one street, one address on the net."""
    other = unlike(stage, me, city=me.city, street=me.street, postal=me.postal)
    return Encore(other, stage.fill(other, "split work company street city"), ip=me.ip)


def fellow_students(stage: Stage, me: Person, lead: Lead) -> Encore:
    """Two students of one university with numbered mailboxes."""
    other = unlike(stage, me, city=me.city)
    lead["email"] = f"s{me.number + 410000}@{university(me)}"
    email = f"s{me.number + 410001}@{university(me)}"
    return Encore(other, stage.fill(other, "name mobile?") | {"email": email})


def lookalike_domain(stage: Stage, me: Person, lead: Lead) -> Encore:
    """One local part at two firms whose domains look alike; family name and firm differ."""
    local, _, domain = me.work_mail.partition("@")
    firm = replace(stage.world.firm(me.country), domain=f"{domain.split('.')[0]}-group.com")
    other = unlike(stage, me, firm=firm, given=me.given, sex=me.sex)
    again = stage.fill(other, "split mobile? company") | {"email": f"{local}@{firm.domain}"}
    return Encore(other, again)


NEAR = {"cs": ("Jan", "Jana"), "sr": ("Aleksandar", "Aleksandra"),
        "it": ("Alessandro", "Alessandra"),
        "pl": ("Aleksander", "Aleksandra"), "ro": ("Alexandru", "Alexandra"),
        "en": ("Alexander", "Alexandra"), "el": ("Georgios", "Georgia")}  # fmt: skip
"""A man's and a woman's name that differ by an ending."""

ROLES = {"DE": "kontakt", "AT": "buero", "ES": "recepcion", "MX": "ventas", "CO": "contacto",
         "FR": "accueil", "IT": "segreteria", "BR": "contato", "PT": "geral", "PL": "biuro",
         "CZ": "obchod", "HU": "iroda", "FI": "asiakaspalvelu", "SE": "kundtjanst",
         "NL": "receptie", "TR": "bilgi", "ID": "layanan", "RO": "vanzari"}  # fmt: skip
"""The usual role inbox in the country's own language."""

OTHER_POSTS = ("Controller", "Buyer", "Trainer", "Dispatcher", "Designer", "Nurse", "Engineer")


def _named(me: Person) -> bool:
    return me.family is not None


def _first_of_pair(stage: Stage, me: Person) -> Person:
    name = next(n for n, _ in cultures()[me.culture].common["m"] if n.usual == NEAR[me.culture][0])
    return stage.world.with_mailboxes(replace(me, given=name, sex="m", native=False))


_OFFICE = "name|split work office company title?"
_CITY = "split work company city mobile?"

SCENES = {
    "colleague_same_domain": Scene(colleague_same_domain, AT_WORK, weight=2),
    "colleague_same_first": Scene(colleague_same_first, AT_WORK, weight=2),
    "colleague_same_last": Scene(colleague_same_last, AT_WORK, can=_named, weight=1.5),
    "spouses_in_firm": Scene(spouses_in_firm, "split work office company city", can=_named),
    "switchboard": Scene(switchboard, _OFFICE, weight=2),
    "switchboard_no_mail": Scene(switchboard_no_mail, _OFFICE),
    "switchboard_same_first": Scene(switchboard_same_first, "split work office company title"),
    "extensions": Scene(extensions, "split work office company"),
    "direct_dials": Scene(direct_dials, "split work office company"),
    "homonym_colleagues": Scene(
        homonym_colleagues, "split work mobile company title", "zh ko vi en es hi pt", can=_named
    ),
    "near_names": Scene(
        near_names, "split work company title", " ".join(NEAR), before=_first_of_pair
    ),
    "successor": Scene(successor, "split work office company title"),
    "assistant": Scene(assistant, _OFFICE),
    "role_inbox": Scene(role_inbox, "name|split work company? mobile?", weight=2),
    "role_inbox_native": Scene(role_inbox_native, "name work company?", countries=" ".join(ROLES)),
    "role_inbox_and_switchboard": Scene(role_inbox_and_switchboard, "split work office company"),
    "role_inbox_nameless": Scene(role_inbox_nameless, "name work company?", weight=0.4),
    "agency_inbox": Scene(agency_inbox, "name mobile work company?"),
    "franchise": Scene(franchise, _CITY),
    "similar_company": Scene(similar_company, "split work company title mobile?"),
    "same_company_private": Scene(same_company_private, "split mail company title"),
    "office_ip": Scene(office_ip, "name mail mobile?"),
    "coworking": Scene(coworking, "split work company street city"),
    "fellow_students": Scene(fellow_students, "name mail mobile?"),
    "lookalike_domain": Scene(lookalike_domain, "split work company mobile?"),
}
"""Kinds of this file."""
