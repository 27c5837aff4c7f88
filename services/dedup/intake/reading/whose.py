"""Whose: what the answers of one submission say about each other's meanings.

A label alone often leaves open whose its value is. `Billing email` is the lead's own, unless a
`Billing contact` stands in the same form; who fills in `Sender name` beside `Recipient name` is
the sender; and where a form asks for somebody else, a firm that it names by a word nobody knows
(`Law firm`, below `Attorney`) may be theirs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dedup.intake.reading import labels
from services.dedup.intake.reading.labels import Meaning
from services.dedup.intake.reading.spelling import folded
from services.dedup.intake.sent import Answer

DEPARTMENTS = frozenset(
    (
        *("billing", "shipping", "delivery", "invoice", "invoicing", "installation", "pickup"),
        *("rechnung", "rechnungs", "liefer", "lieferung", "facturation", "livraison", "envio"),
        *("facturacion", "cobranca", "entrega", "fatturazione", "spedizione", "facturatie"),
        *("levering", "fatura", "teslimat", "fakturering", "leverans", "levering", "laskutus"),
    )
)
"""What labels of a second contact begin with, that by itself says nothing about whose it is."""

GIVERS = frozenset(
    (
        *("sender", "from", "absender", "expediteur", "remitente", "remetente", "mittente"),
        *("afzender", "nadawca", "отправитель", "gonderen", "送信者", "ご依頼主", "贈り主"),
    )
)
"""How a label begins of who sends a present, a card, a parcel: whoever fills in the form."""

RECEIVERS = frozenset(
    (
        *("recipient", "to", "empfanger", "destinataire", "destinatario", "ontvanger", "odbiorca"),
        *("получатель", "alici", "お届け先", "受取人", "giftee", "receiver"),
    )
)

BUYERS = frozenset({"customer", "consumer", "buyer", "client", "shopper", "enquirer", "inquirer"})
BUSINESSES = frozenset(
    {"business", "shop", "store", "seller", "pro", "professional", "provider", "contractor"}
)
"""The two sides of a lead that a marketplace sends; *company* is none: it may be the customer's."""

SELLER = "seller"
"""The step in a path that says that what follows is the seller's (`data/labels.csv`)."""


def sellers(value: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of objects that stand for the business asked, beside one for a customer."""
    objects = {name.lower(): name for name, inner in value.items() if isinstance(inner, dict)}
    asked = objects.keys() & BUSINESSES if objects.keys() & BUYERS else ()
    return frozenset(objects[name] for name in asked)


def meanings(answers: Sequence[Answer]) -> list[Meaning]:
    """Return what each answer's label means beside the others, in their order. Never raises."""
    found = [meaning(answer) for answer in answers]
    if not any(told.other for told in found):
        return found
    begun = [folded(answer.name or answer.key).split(" ", 1) for answer in answers]
    giving = _giving(begun)
    theirs = {
        first[0] for first, told in zip(begun, found, strict=True) if told.other
    } & DEPARTMENTS
    for place, told in enumerate(found):
        first = begun[place][0]
        if giving and first in GIVERS:
            found[place] = labels.meaning(begun[place][-1])
        elif first in theirs:
            found[place] = told._replace(other=True)
        elif told.field == "company" and told.strange:
            found[place] = told._replace(about=True)
    return found


def meaning(answer: Answer) -> Meaning:
    """Return what an answer's label means; its key is asked where the label tells nothing."""
    named = labels.meaning(answer.name) if answer.name else Meaning()
    if named.field or named.other or named.about or not answer.key or answer.key == answer.name:
        return named
    keyed = labels.meaning(answer.key)
    return keyed if keyed.field or keyed.other or not answer.name else named


def _giving(begun: Sequence[Sequence[str]]) -> bool:
    """True if sender and recipient are both asked for by name: one of them fills in the form.

    A mail's head has a sender and a recipient too, but asks for no names.
    """
    named = {label[0] for label in begun if len(label) == 2 and _a_name(label[1])}
    return bool(named & GIVERS) and bool(named & RECEIVERS)


def _a_name(label: str) -> bool:
    return labels.meaning(label).field in ("name", "full_name", "first_name")
