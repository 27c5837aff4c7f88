"""Customers: what stands beside somebody who is called the customer is not the customer's.

`cliente_nome` stands beside `referente_nome`, a `client` beside a `unit` of the salon: whatever a
program calls its own side, by whichever word, the lead is who is called a customer.
"""

from collections.abc import Sequence

from services.dedup.intake.reading import places, values
from services.dedup.intake.reading.nothing import says_nothing
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning, spaceless
from shared.labels.phrases import STANDINGS
from shared.labels.senses import FROM
from shared.normalize import company

CUSTOMERS = frozenset(
    (
        *("customer", "client", "buyer", "consumer", "shopper", "prospect", "enquirer", "inquirer"),
        *("kunde", "kunden", "kundin", "klient", "klientin", "klienta", "klijent", "anfragender"),
        *("cliente", "clientes", "clienta", "prospecto", "comprador", "clientul", "acheteur"),
        *("klant", "opdrachtgever", "kund", "kunden", "asiakas", "asiakkaan", "musteri"),
        *("zakaznik", "zakaznika", "ugyfel", "клиент", "клиента", "заказчик", "заказчика"),
        *("πελατης", "πελατη", "お客様", "お客さま", "顧客", "客户", "客戶", "고객", "고객님"),
    )
)
"""What whoever came to us is called by a program, or by who fills in a list."""

FIRMS = frozenset(
    (
        *("agency", "agencia", "agence", "agentur", "agenzia", "agentschap", "agencja", "bureau"),
        *("imobiliaria", "inmobiliaria", "dealer", "vendor", "supplier", "provider", "branch"),
        *("filiale", "sucursal", "filial", "unidade", "shop", "store", "workspace", "tenant"),
    )
)
"""What a firm is called that serves customers, beside one of these."""

SERVING = ("담당", "担当", "负责人", "业务员", "経理", "営業")
"""Within labels of scripts without spaces: who serves the customer; else who is to be asked for."""

USERS = frozenset({"user", "usuario", "utilisateur", "benutzer", "gebruiker", "utente"})
"""How a tool calls who works with it, where an answer of the same kind is not called so."""

NEUTRAL = frozenset(
    (
        *(
            "contact",
            "contacts",
            "person",
            "profile",
            "details",
            "info",
            "data",
            "personal",
            "form",
        ),
        *("billing", "invoice", "rechnung", "rechnungsadresse", "facturacion", "facturation"),
        *("company", "organization", "organisation", "employer", "firma", "empresa", "entreprise"),
        *("kontakt", "contacto", "contato", "contatto", "daten", "datos", "dados", "dati", "firm"),
        *("applicant", "answers", "fields", "name", "email", "phone", "lead", "address", "azienda"),
    )
)
"""Steps of a path that name nobody, or the lead again."""

LONGEST, WORDS = 80, range(2, 5)
"""Characters of a name that stands alone under what the customer is called, and its words."""

REACH = frozenset({"email", "phone", "contact"})
ASKER = STANDINGS.index("asker")
_SPACELESS = tuple(word for word in sorted(CUSTOMERS) if spaceless(word))
_NAMES = frozenset({"name", "full_name", "first_name", "last_name"})
_TOLD = REACH | _NAMES | {"company"}


def beside(
    answers: Sequence[Answer], found: Sequence[Meaning], spelt: Sequence[str]
) -> list[Meaning]:
    """Return *found* with what is of others than the customer marked so; *spelt* are the labels.

    A customer's empty answer counts: whose name was asked for and not given has none.
    """
    every = _named(answers, _without_users(answers, found, spelt), spelt)
    words = [frozenset(label.split()) for label in spelt]
    mine = [at for at, label in enumerate(spelt) if _customer(label) and every[at].field in _TOLD]
    asking = {_kind(told) for told in every if told.roles and told.standing == ASKER}
    if "name" in asking and asking & REACH:
        return [t._replace(other=True) if at in mine else t for at, t in enumerate(every)]
    if not mine:
        return places.left_out(answers, every, spelt)
    asked = {_kind(every[at]) for at in mine}
    reached = any(every[at].field in REACH and _filled(answers[at]) for at in mine)
    begun = {spelt[at].partition(" ")[0] for at, told in enumerate(every) if told.other}
    begun -= {spelt[at].partition(" ")[0] for at in mine} | NEUTRAL
    beside = _beside(spelt, every, mine)
    for at, told in enumerate(every):
        if at in mine or told.other or told.field not in _TOLD or FROM in told.roles:
            continue
        if told.roles and told.standing == ASKER:
            continue
        foreign = (
            any(word in spelt[at] for word in SERVING)
            or told.unknown
            or spelt[at].partition(" ")[0] in begun
            or at in beside
        )
        same = _kind(told) in asked or (reached and told.field in REACH)
        if (foreign and same) or (told.field == "company" and words[at] & FIRMS):
            every[at] = told._replace(other=True)
    theirs = {_path(spelt[at]) for at, told in enumerate(every) if told.other} - {""}
    theirs -= {_path(spelt[at]) for at in mine}
    for at, told in enumerate(every):
        if told.field == "company" and told.unknown | told.roles and _path(spelt[at]) in theirs:
            every[at] = told._replace(other=True)
    return places.left_out(answers, every, spelt)


def _customer(label: str) -> bool:
    """True for a label that says customer: as a word, or in scripts without spaces within one."""
    return bool(CUSTOMERS & set(label.split())) or any(word in label for word in _SPACELESS)


def _path(label: str) -> str:
    return label.rpartition(" | ")[0]


def _named(
    answers: Sequence[Answer], found: Sequence[Meaning], spelt: Sequence[str]
) -> list[Meaning]:
    """Return *found* with a bare `Kunde: Ann Lee` read as the name or the firm that it is."""
    every = list(found)
    for at, told in enumerate(found):
        if told.field or told.other or spelt[at] not in CUSTOMERS:
            continue
        text = _said(answers[at])
        firm = company.parse(text) if values.letters(text) and len(text) <= LONGEST else None
        if firm and firm.legal_form:
            every[at] = Meaning("company")
        elif len(text.split()) in WORDS and all(map(_capital, text.split())):
            every[at] = Meaning("full_name")
    return every


def _capital(word: str) -> bool:
    return word[:1].isalpha() and word[:1] == word[:1].upper() and not any(map(str.isdigit, word))


def _beside(spelt: Sequence[str], found: Sequence[Meaning], mine: Sequence[int]) -> set[int]:
    """Return the places of what stands in another object about somebody, beside the customer's."""
    own = {spelt[at].rpartition(" | ")[0] for at in mine} - {""}
    around = {path.rpartition(" | ")[0] for path in own}
    kinds: dict[str, set[str]] = {}
    for label, told in zip(spelt, found, strict=True):
        path = label.rpartition(" | ")[0]
        sibling = path and path.rpartition(" | ")[0] in around and path not in own
        if sibling and not set(path.rpartition(" | ")[2].split()) & NEUTRAL:
            kinds.setdefault(path, set()).add(_kind(told) if told.field in _TOLD else "")
    people = {path for path, each in kinds.items() if "name" in each and each & REACH}
    return {at for at, label in enumerate(spelt) if label.rpartition(" | ")[0] in people}


def _without_users(
    answers: Sequence[Answer], found: Sequence[Meaning], spelt: Sequence[str]
) -> list[Meaning]:
    """Return *found* without who works with the tool: `user_email` beside another address."""
    users = [at for at, label in enumerate(spelt) if label.partition(" ")[0] in USERS]
    users = [at for at in users if found[at].field in REACH and _filled(answers[at])]
    rest = {
        told.field: _said(answer)
        for at, (answer, told) in enumerate(zip(answers, found, strict=True))
        if at not in users and told.field in REACH and not told.other and _filled(answer)
    }
    every = list(found)
    unlike = [
        at
        for at in users
        if rest.get(found[at].field, values.text(answers[at].value))
        != values.text(answers[at].value)
    ]
    for at, label in enumerate(spelt) if unlike else ():
        if label.partition(" ")[0] in USERS:
            every[at] = every[at]._replace(about=True, field="")
    return every


def _said(answer: Answer) -> str:
    return values.text(values.simple(answer.value))


def _filled(answer: Answer) -> bool:
    said = _said(answer)
    return said.lower() not in values.BOOLEAN and not says_nothing(said)


def _kind(told: Meaning) -> str:
    return "name" if told.field in _NAMES else told.field
