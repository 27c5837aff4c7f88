"""Whose: what the answers of one submission say about each other's meanings.

A label alone often leaves open whose its value is. `Billing email` is the lead's own, unless a
`Billing contact` stands in the same form; who of tenant and landlord is the lead depends on who
else is named (`parties`); and where a form asks for somebody else, a firm that it names by a word
nobody knows (`Law firm`, below `Attorney`) may be theirs.
"""

from collections.abc import Sequence

from services.dedup.intake.reading import customers, noise, parties, sides
from services.dedup.intake.sent import Answer
from shared.labels import label
from shared.labels.label import Meaning
from shared.labels.spelling import folded

DEPARTMENTS = frozenset(
    (
        *("billing", "shipping", "delivery", "invoice", "invoicing", "installation", "pickup"),
        *("rechnung", "rechnungs", "liefer", "lieferung", "facturation", "livraison", "envio"),
        *("facturacion", "cobranca", "entrega", "fatturazione", "spedizione", "facturatie"),
        *("levering", "fatura", "teslimat", "fakturering", "leverans", "levering", "laskutus"),
    )
)
"""What labels of a second contact begin with, that by itself says nothing about whose it is."""


BILLING = frozenset(
    (
        *("billing", "bill", "rechnung", "rechnungs", "facturation", "facturacion", "cobranca"),
        *("fatturazione", "facturatie", "faktura", "fatura", "fakturering", "laskutus", "invoice"),
    )
)
DELIVERIES = frozenset(
    (
        *("shipping", "ship", "delivery", "liefer", "lieferung", "livraison", "envio", "entrega"),
        *("spedizione", "levering", "bezorg", "dostawa", "dostawy", "teslimat", "leverans"),
    )
)
"""Who pays is the lead, and may have the goods sent to anybody."""


def meanings(answers: Sequence[Answer]) -> list[Meaning]:
    """Return what each answer's label means beside the others, in their order. Never raises."""
    spelt = [folded(answer.name or answer.key) for answer in answers]
    read = noise.left_out(answers, [meaning(answer) for answer in answers])
    read = customers.beside(answers, sides.ours(answers, read), spelt)
    found = parties.resolved(answers, read)
    begun = [each.partition(" ")[0] for each in spelt]
    theirs = DELIVERIES & set(begun) if BILLING & set(begun) else frozenset[str]()
    if not theirs and not any(told.other for told in found):
        return found
    theirs |= {first for first, told in zip(begun, found, strict=True) if told.other} & DEPARTMENTS
    for place, told in enumerate(found):
        if begun[place] in theirs:
            found[place] = told._replace(other=True)
        elif told.field == "company" and (told.strange or told.rank):
            field = "" if told.rank else told.field
            found[place] = told._replace(about=True, field=field)
    return found


def meaning(answer: Answer) -> Meaning:
    """Return what an answer's label means; its key is asked where the label tells nothing."""
    named = label.meaning(answer.name) if answer.name else Meaning()
    if _tells(named) or named.about or not answer.key or answer.key == answer.name:
        return named
    keyed = label.meaning(answer.key)
    return keyed if _tells(keyed) or not answer.name else named


def _tells(told: Meaning) -> bool:
    return bool(told.field or told.other or told.roles)
