"""Payloads: a person's answers beside everything else that forms carry, in one of many shapes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from bench.intake.people import FAMILY_FIRST, Person, address, forms, number, person

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

SLUGS = {
    "email": ("email", "your-email", "emailAddress", "EMAIL", "contact_email", "user_email_1"),
    "phone": ("phone", "tel-319", "phoneNumber", "PHONE", "mobile_phone", "cell"),
    "name": ("name", "your-name", "fullName", "FULLNAME", "contact_name", "customer_name"),
    "first": ("first_name", "fname", "firstName", "FNAME", "givenName", "first-name"),
    "last": ("last_name", "lname", "lastName", "LNAME", "familyName", "surname"),
    "company": ("company", "company_name", "companyName", "organization", "org_name", "business"),
}
"""What developers call fields, whatever the language of the form."""


@dataclass
class Payload:
    """A payload with what it should be understood to say, and what it must not."""

    raw: bytes
    content_type: str
    truth: Person
    shape: str
    language: str
    others: set[str] = field(default_factory=set)
    """Addresses and numbers of somebody else."""


@dataclass
class Asked:
    """One question: its label, developers' name, type and answer."""

    what: str
    label: str
    slug: str
    answer: object
    kind: str = "text"


def payload(seed: int, place: int) -> Payload:
    """Return one payload; the same for the same *seed* and *place*."""
    rng = Random(f"{seed}-{place}")
    language = rng.choice([name for name in forms() if name != "shared"])
    truth = person(rng, language)
    asked = _asked(rng, language, truth)
    others: set[str] = set()
    asked += _beside(rng, language, others)
    if rng.random() < 0.3:
        rng.shuffle(asked)
    name = rng.choice(list(SHAPES))
    raw, content_type = SHAPES[name](rng, asked)
    return Payload(raw, content_type, truth, name, language, others)


def _asked(rng: Random, language: str, truth: Person) -> list[Asked]:
    words, slug = forms()[language], rng.randrange(6)

    def asks(what, answer, kind="text"):
        return Asked(what, rng.choice(words[what]), SLUGS[what][slug], answer, kind)

    if rng.random() < 0.5:
        parts = [asks("first", truth.given), asks("last", truth.family)]
        names = parts[::-1] if language in FAMILY_FIRST else parts
    else:
        names = [asks("name", truth.name)]
    rest = [asks("email", _mail(rng, truth.email), "email"), asks("phone", truth.phone, "tel")]
    return [*names, *rest, asks("company", _firm(rng, truth.company))]


def _mail(rng: Random, mail: str) -> str:
    return rng.choice(
        (mail, mail, mail, f" {mail} ", f"mailto:{mail}", mail.title(), f"{mail}\u200b")
    )


def _firm(rng: Random, firm: str) -> str:
    return firm.replace("&", "&amp;") if rng.random() < 0.2 else firm


def _beside(rng: Random, language: str, others: set[str]) -> list[Asked]:
    """Return what else is on the form: somebody else's data, questions about fields, a message."""
    words = forms()[language]
    stranger = person(rng, language)
    found = [Asked("message", rng.choice(words["message"]), "message", "Please call me, thanks.")]
    if rng.random() < 0.3:
        mail = address(rng, "other", stranger.family)
        others.add(mail.lower())
        found.append(Asked("friend", rng.choice(words["friend"]), "referrer_email", mail, "email"))
    if rng.random() < 0.25:
        typed, e164 = number(rng, words["country"])
        others.add(e164)
        label = rng.choice(words["emergency"])
        found.append(Asked("emergency", label, "emergency_phone", typed, "tel"))
    for label in words["about"]:
        if rng.random() < 0.35:
            said = rng.choice(("Yes", "11-50", "09:00-12:00", "true", "Google", "200"))
            found.append(Asked("about", label, f"choice_{rng.randrange(99)}", said, "select"))
    if rng.random() < 0.3:
        found.append(Asked("utm", "utm_source", "utm_source", "newsletter", "hidden"))
    if rng.random() < 0.15:
        mail = "forms@owner.example"
        others.add(mail)
        found.append(Asked("owner", "reply_to", "reply_to", mail, "hidden"))
    return found


def _json(value: object) -> tuple[bytes, str]:
    return json.dumps(value, ensure_ascii=False).encode(), JSON


def _pairs(label: str, value: str, key: str = "", wrap: str = "fields") -> Callable:
    def made(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
        rows = [{label: a.label, value: a.answer} | ({key: a.slug} if key else {}) for a in asked]
        return _json(
            {wrap: rows, "formId": rng.randrange(10**6), "createdAt": "2026-11-20T10:00:00Z"}
        )

    return made


def _labels(rng: Random, asked: list[Asked]) -> dict[str, object]:
    return {each.label: each.answer for each in asked}


def _slugs(rng: Random, asked: list[Asked]) -> dict[str, object]:
    return {each.slug: each.answer for each in asked}


def _typed(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    rows = [
        {"id": f"f{at}", "label": a.label, "type": a.kind, "value": a.answer}
        for at, a in enumerate(asked)
    ]
    return _json({"submission": {"id": "s1", "answers": rows}})


def _keyed(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    fields = {
        f"field_{at}": {"title": a.label, "value": a.answer, "type": a.kind, "id": f"field_{at}"}
        for at, a in enumerate(asked)
    }
    return _json({"form": {"id": "7", "name": "Kontakt"}, "fields": fields})


def _brackets(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    pairs = [("form[name]", "Contact"), ("form[id]", "7c1")]
    for at, each in enumerate(asked):
        pairs += [
            (f"fields[f{at}][title]", each.label),
            (f"fields[f{at}][value]", str(each.answer)),
        ]
    return urlencode(pairs).encode(), FORM


def _composite(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    parts = {a.what: a.answer for a in asked}
    found = {a.label: a.answer for a in asked if a.what not in ("first", "last")}
    if "first" in parts:
        label = next(a.label for a in asked if a.what == "last")
        found[f"{label} / name"] = {"first": parts["first"], "last": parts["last"]}
    return _json({"request": json.dumps(found, ensure_ascii=False), "formID": "55"})


def _defined(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    fields = [{"id": f"q{at}", "title": a.label, "type": "short"} for at, a in enumerate(asked)]
    said = {f"q{at}": a.answer for at, a in enumerate(asked)}
    return _json({"definition": {"fields": fields}, "answers": said})


def _nested(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    told = {a.slug: a.answer for a in asked if a.what not in ("company", "friend", "owner")}
    firm = next(a.answer for a in asked if a.what == "company")
    account = {"name": "Agent Smith", "email": "agent@crm.example"}
    whole = {"lead": told, "company": {"name": firm, "size": "11-50"}, "owner": account}
    return _json(whole)


def _multipart(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    parts = "".join(
        f'--b0\r\nContent-Disposition: form-data; name="{a.label.replace(chr(34), "%22")}"'
        f"\r\n\r\n{a.answer}\r\n"
        for a in asked
    )
    return f"{parts}--b0--\r\n".encode(), "multipart/form-data; boundary=b0"


def _unlabelled(rng: Random, asked: list[Asked]) -> tuple[bytes, str]:
    return _json({f"No Label field_{at}{rng.randrange(99)}" if a.what in ("email", "message")
                  else a.label: a.answer for at, a in enumerate(asked)
                  if a.what not in ("friend", "owner")})  # fmt: skip


SHAPES: dict[str, Callable[[Random, list[Asked]], tuple[bytes, str]]] = {
    "flat labels": lambda rng, a: _json(_labels(rng, a)),
    "flat slugs": lambda rng, a: _json(_slugs(rng, a)),
    "labels under data": lambda rng, a: _json({"event": "form", "data": _labels(rng, a)}),
    "slugs, two levels": lambda rng, a: _json({"payload": {"form_data": _slugs(rng, a)}}),
    "form, labels": lambda rng, a: (urlencode(_labels(rng, a)).encode(), FORM),
    "form, slugs": lambda rng, a: (urlencode(_slugs(rng, a)).encode(), FORM),
    "form, prefix": lambda rng, a: (
        urlencode({f"form_fields[{n}]": v for n, v in _slugs(rng, a).items()}).encode(), FORM),
    "form, brackets": _brackets,
    "multipart": _multipart,
    "lists of one": lambda rng, a: _json({n: [v] for n, v in _labels(rng, a).items()}),
    "value objects": lambda rng, a: _json(
        {"properties": {n: {"value": v, "timestamp": 17} for n, v in _slugs(rng, a).items()}}),
    "label value": _pairs("label", "value"),
    "name value": _pairs("name", "value", wrap="data"),
    "question answer": _pairs("question", "answer", wrap="responses"),
    "title text": _pairs("title", "text", "ref", wrap="answers"),
    "field_name field_value": _pairs("field_name", "field_value", wrap="entry"),
    "Question Response": _pairs("Question", "Response", wrap="Answers"),
    "key label value": _pairs("label", "value", "key", wrap="inputs"),
    "typed pairs": _typed,
    "keyed pairs": _keyed,
    "parts in json text": _composite,
    "definition apart": _defined,
    "owner beside": _nested,
    "json as text": lambda rng, a: (json.dumps(_labels(rng, a)).encode(), "text/plain"),
    "json in a field": lambda rng, a: (
        urlencode({"payload": json.dumps(_labels(rng, a))}).encode(), FORM),
    "list with one": lambda rng, a: _json([_labels(rng, a)]),
    "some unlabelled": _unlabelled,
    "windows-1252 or utf-8": lambda rng, a: (
        json.dumps(_labels(rng, a), ensure_ascii=True).encode(), JSON + "; charset=windows-1252"),
}  # fmt: skip
