"""Admitting: finds become leads through the duplicate check, as all do, and each once.

What was found before is known by its key. Between the check, which keeps a lead by itself, and the
transaction that notes which find it is, a worker may die: the check then answers the same again,
for a find is a request of its own name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from services.discovery import find_store, objection_store
from services.discovery.desk import Workshop
from services.discovery.find import Find
from services.discovery.find_store import Kept, Known
from services.discovery.job import Counts, Job
from services.discovery.sources.registry import named, realm
from services.discovery.unwilling import unwilling
from shared.admission import Admitted, Sent
from shared.errors import ServiceError, Unavailable
from shared.lead_fields import FIELDS
from shared.privacy.gate import ConsentMissing

AT_A_TIME = 100
"""Finds that are admitted together (the check decides so many in one transaction)."""

CONTACTS = ("email", "phone", "other_email", "other_phone")

REJECTED = "reject_duplicate"
"""`action_taken` of a lead that is turned away (contract, section 2)."""


class Waits(Unavailable):
    """A lead that was found waits in the spool."""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one find."""

    place: int
    """Of its source."""
    word: str
    """A name among those of `Counts`: `new`, `known`, …"""
    kept: Kept | None = None
    """The lead that it is, where it is one."""

    @property
    def counts(self) -> Counts:
        """Return it as counts."""
        return Counts(found=1, **{self.word: 1})


@dataclass(frozen=True, slots=True)
class _Named:
    """A find with the key by which we know it."""

    place: int
    find: Find
    key: int


def admit(
    shop: Workshop,
    tenant_id: str,
    job: Job,
    finds: Sequence[tuple[int, Find]],
    counted: set[tuple[int, int]],
) -> list[Became]:
    """Return what became of *finds*, each with the place of its source.

    *counted* are the places and keys of those that were admitted before, and grows: what a source
    names twice is new once.

    Their leads are kept, and have joined the investigation; which find they are is to be stored
    by `find_store.keep`. Raises Unavailable while leads can be kept nowhere, Waits while one is
    kept in the spool.
    """
    several = [_named(shop, tenant_id, job, place, find) for place, find in finds]
    keys = list({one.key for one in several if one.find.lead_id is None})
    with shop.desk.database.transaction(tenant_id) as conn:
        known = find_store.known(conn, tenant_id, job.id, keys)
        new = {
            one.key: one
            for one in several
            if one.find.lead_id is None and one.key not in known and _reaches(one.find)
        }
        finds_by_key = {key: one.find for key, one in new.items()}
        unwilling_keys = unwilling(conn, shop.desk.gate.keyring, tenant_id, finds_by_key)
    wanted = [one for key, one in new.items() if key not in unwilling_keys]
    admitted = _admitted(shop, tenant_id, job, wanted)
    made: set[int] = set()
    became = []
    for one in several:
        if one.key in admitted and one.key not in made:
            made.add(one.key)
            became.append(_settled(one, admitted[one.key]))
        elif one.key in admitted:
            became.append(_again(one, admitted[one.key]))
        elif one.key in unwilling_keys:
            became.append(Became(one.place, "turned_away"))
        else:
            again = (one.place, one.key) in counted
            became.append(_met(one, known.get(one.key), again))
        counted.add((one.place, one.key))
    return _joined(shop, tenant_id, job, became)


def _named(shop: Workshop, tenant_id: str, job: Job, place: int, find: Find) -> _Named:
    asked = job.wanted.sources[place]
    source = named(shop.desk.sources, asked.type)
    within = realm(source, asked.settings, find.key) if source else asked.type
    pseudonym = shop.desk.gate.keyring.pseudonym
    return _Named(place, find, pseudonym(tenant_id, "discovery/find", f"{within}\0{find.key}"))


def _reaches(find: Find) -> bool:
    return any(find.fields.get(name) for name in CONTACTS)


def _admitted(
    shop: Workshop, tenant_id: str, job: Job, new: Sequence[_Named]
) -> dict[int, Admitted | ServiceError]:
    sent = [_sent(job, one) for one in new]
    answers = shop.admission.admit_all(tenant_id, sent) if sent else []
    for answer in answers:
        if isinstance(answer, Unavailable):
            raise answer
        if isinstance(answer, Admitted) and answer.check.get("receipt_id"):
            raise Waits  # the same is asked again, once it is stored
    return {one.key: answer for one, answer in zip(new, answers, strict=True)}


def _sent(job: Job, one: _Named) -> Sent:
    said = {name: text for name, text in one.find.fields.items() if name in FIELDS and text}
    said["investigation_id"] = str(job.wanted.investigation_id)
    name = f"discovery/{job.id}/{one.key}"
    # Asked again it is the same request, whatever the source says of it by then.
    return Sent(
        f"discovery:{one.find.provenance.source}",
        said,
        one.find.consent,
        name,
        name,
        orjson.dumps({"lead_data": said}),
    )


def _settled(one: _Named, answer: Admitted | ServiceError) -> Became:
    if isinstance(answer, ConsentMissing):
        return Became(one.place, "without_consent")
    if isinstance(answer, ServiceError):
        return Became(one.place, "refused")
    if answer.first_id is not None:
        return _kept(one, "known", answer.first_id)
    turned_away = answer.check.get("action_taken") == REJECTED
    return _kept(one, "turned_away" if turned_away else "new", answer.lead_id)


def _again(one: _Named, answer: Admitted | ServiceError) -> Became:
    """Return what became of a find that another source named in the same moment."""
    first = _settled(one, answer)
    return Became(one.place, "known", first.kept) if first.word == "new" else first


def _met(one: _Named, known: Known | None, again: bool) -> Became:
    if one.find.lead_id is not None:
        return _kept(one, "known", one.find.lead_id)
    if known is None:
        return Became(one.place, "refused")
    if known.lead_id is None:
        return Became(one.place, "erased_before")
    if known.invalid:
        return Became(one.place, "turned_away")
    # A worker that died may have made it before: that is still this source's.
    is_new = known.made_by == one.place and not again
    return _kept(one, "new" if is_new else "known", known.lead_id)


def _kept(one: _Named, word: str, lead_id: UUID) -> Became:
    own = one.find.lead_id is not None
    made_by = one.place if word == "new" else None
    kept = Kept(one.key, lead_id, one.find.provenance, made_by, own, word != "turned_away")
    return Became(one.place, word, kept)


def _joined(shop: Workshop, tenant_id: str, job: Job, became: list[Became]) -> list[Became]:
    """Bring those who are known into the investigation; those who may not be used are left out."""
    known = sorted({each.kept.lead_id for each in became if each.word == "known" and each.kept})
    with shop.desk.database.transaction(tenant_id) as conn:
        objected = objection_store.objected(conn, tenant_id, known) if known else set()
    refused = shop.desk.investigations.join(
        tenant_id,
        job.wanted.investigation_id,
        [lead_id for lead_id in known if lead_id not in objected],
        f"discovery {job.asked_by}",
    )
    left_out = dict.fromkeys(refused, "without_consent") | dict.fromkeys(objected, "turned_away")
    return [
        Became(each.place, left_out[each.kept.lead_id])
        if each.word == "known" and each.kept and each.kept.lead_id in left_out
        else each
        for each in became
    ]
