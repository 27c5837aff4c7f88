"""Any sender that is not known by name: whatever JSON or form it posts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.dedup.intake.reading.flattening import answers
from services.dedup.intake.reading.listed import cast, in_columns
from services.dedup.intake.reading.pairs import bare, paired
from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.json_values import affirmed, ip, moment, sole, text, url
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item, Sent

LISTS = frozenset(
    ("leads", "records", "contacts", "items", "rows", "entries", "submissions", "data", "results")
)
"""Names under which an object holds several leads."""

TESTS = frozenset({"test", "istest", "testlead", "testmode", "istestlead", "testsubmission"})

KEYS = (
    *("submissionid", "submissionuuid", "entryid", "responseid", "responsetoken", "leadid"),
    *("leadgenid", "submissiontoken", "formsubmissionid", "conversionid", "uniqueid"),
)
"""What senders call a submission's id, the surest first."""

FORM_IDS = frozenset({"formid", "formkey", "formuuid", "formguid"})
FORM_NAMES = frozenset({"formname", "formtitle"})
IPS = frozenset(
    (
        *("ip", "ipaddress", "remoteip", "clientip", "visitorip", "userip", "senderip", "ipaddr"),
        *("submitterip", "remoteaddr", "submissionip"),
    )
)
AGENTS = frozenset({"useragent", "browseragent", "httpuseragent"})
PAGES = frozenset(
    (
        *("pageurl", "sourceurl", "landingpageurl", "landingpage", "formurl", "pageuri"),
        *("currenturl", "submissionurl", "posturl", "urlofpage", "pagelocation", "refererurl"),
        *("referrer", "referer", "referrerurl", "embedurl"),
    )
)
TIMES = (
    *("submittedat", "submissiontime", "submissiondate", "datesubmitted", "completedat"),
    *("submitted", "submittime", "createdat", "createdtime", "datecreated", "created"),
    *("creationdate", "occurredat", "timestamp", "leadsubmittime"),
)
"""What senders call the moment of sending, the surest first."""


def items(payload: Any) -> Sequence[Item]:
    """Return what *payload* amounts to: a lead, or as many as it holds; Ignored if nothing.

    However many they are, all are told: whoever takes them refuses too many (`taking.MOST_LEADS`).
    """
    leads = _several(payload)
    if leads is None:
        leads = [payload] if isinstance(payload, (dict, list)) else []
    sent = [_sent(lead) for lead in leads]
    full = [one for one in sent if one.answers]
    return full or [Ignored("nothing in it reads as an answer: no field has a name and a value")]


def _several(payload: Any) -> list[Any] | None:
    """Return the leads of a list of them, None where *payload* is one lead."""
    if isinstance(payload, list):
        return payload if _leads(payload) else None
    if not isinstance(payload, dict):
        return None
    held = [each for name, each in payload.items() if bare(name) in LISTS and _leads(each)]
    return held[0] if len(held) == 1 and len(held[0]) > 1 else None


def _leads(value: Any) -> bool:
    """True for a list of objects that are no pairs of a question and its answer."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and not paired(each) for each in value)
        and not (cast(value) or in_columns(value))
        and (len(value) == 1 or _alike(value))
    )


def _alike(value: list[dict[str, Any]]) -> bool:
    """True if the objects have half of their names in common, as leads of one form do."""
    first = set(value[0])
    return all(2 * len(first & set(each)) >= min(len(first), len(each)) for each in value)


def _sent(lead: Any) -> Sent:
    found = answers(lead)
    told: dict[str, Any] = {}
    for answer in found:
        last = bare(answer.key.rpartition(".")[2])
        for name in {bare(answer.name), *({last} & _MACHINE)}:
            told.setdefault(name, sole(answer.value))
    told = {name: value for name, value in told.items() if value not in (None, "")}
    kept = [_utm_alone(answer) for answer in found if not _around(answer)]
    test = any(affirmed(told[name]) for name in TESTS if name in told)
    return submission(kept, _circumstances(told), _key(told), test)


def _around(answer: Answer) -> bool:
    """True for what is not an answer but the sender's own, or the circumstances of sending."""
    last = bare(answer.key.rpartition(".")[2])
    return last in _MACHINE or bare(answer.name) in _MACHINE


def _utm_alone(answer: Answer) -> Answer:
    """Return *answer* under its own name where it is a campaign's parameter within an object."""
    if "." not in answer.name:
        return answer
    last = answer.name.rpartition(".")[2]
    return Answer(last, answer.value, answer.key) if bare(last).startswith("utm") else answer


def _key(told: Mapping[str, Any]) -> str | None:
    """Return the submission's id; a bare `id` is one only beside a form's (else it is anything)."""
    found = next((text(told[name]) for name in KEYS if name in told), "")
    if not found and told.keys() & FORM_IDS:
        found = text(told.get("id"))
    return found or None


def _circumstances(told: Mapping[str, Any]) -> Circumstances:
    pages = (url(told[name]) for name in sorted(PAGES & told.keys()))
    return Circumstances(
        submitted_at=_moment(told),
        ip=next(filter(None, (ip(told[name]) for name in sorted(IPS & told.keys()))), None),
        user_agent=_first(told, AGENTS),
        form_id=_first(told, FORM_IDS),
        form_name=_first(told, FORM_NAMES),
        page_url=next(filter(None, pages), None),
    )


def _moment(told: Mapping[str, Any]) -> datetime | None:
    found = (moment(told[name]) for name in TIMES if name in told)
    return next(filter(None, found), None)


def _first(told: Mapping[str, Any], names: frozenset[str]) -> str | None:
    return next((text(told[name]) for name in sorted(names & told.keys())), None) or None


def _recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    return True


_MACHINE = frozenset((*KEYS, *TIMES)) | TESTS | FORM_IDS | FORM_NAMES | IPS | AGENTS | PAGES

GENERIC = Sender(
    name="generic",
    title="Any form or tool",
    recognises=_recognises,
    items=items,
)
