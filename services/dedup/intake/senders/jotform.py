"""Jotform: a multipart form whose `rawRequest` is a JSON text of the answers.

Their names are made of the first words of a label, or of nothing (`q5_input5`); the labels stand in
`pretty`, one long text for people. Observed webhooks; n8n's JotFormTrigger.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.dedup.intake.sender import Sender
from services.dedup.intake.senders.json_values import (
    file_names,
    ip,
    mapping,
    moment,
    silent,
    sole,
    text,
    unpacked,
    url,
)
from services.dedup.intake.senders.submission import submission
from services.dedup.intake.sent import Answer, Circumstances, Ignored, Item

FIELDS = {"control_email": "email", "control_phone": "phone"}
"""Types of question that are a lead's field, where an answer comes with its type."""

LONGEST_PRETTY = 50_000
"""Characters of `pretty` that labels are looked for in: 2,000 answers take 0.1 s in so many."""

_LABEL = re.compile(r"(.+)", re.DOTALL)
_QUESTION = re.compile(r"q\d{1,6}_(.+)", re.DOTALL)


def recognises(payload: Any, headers: Mapping[str, str]) -> bool:
    """True for a form with Jotform's three ids: of the form, the submission, the raw request."""
    form = mapping(payload)
    return "rawRequest" in form and "formID" in form and "submissionID" in form


def items(payload: Any) -> Sequence[Item]:
    """Return the submission; one that was made in the form builder's preview is a test."""
    if not recognises(payload, {}):
        return (Ignored("this is no submission of a Jotform form"),)
    raw = unpacked(payload["rawRequest"])
    around = Circumstances(
        submitted_at=moment(raw.get("submitDate")),
        ip=ip(payload.get("ip")),
        form_id=text(payload["formID"]) or None,
        form_name=text(payload.get("formTitle")) or None,
        page_url=url(raw.get("parentURL")),
    )
    # Jotform posts a text; n8n's *Resolve Data* makes it an object with labels for keys.
    resolved = isinstance(payload["rawRequest"], dict) and not any(map(_QUESTION.fullmatch, raw))
    answers = _answers(raw, text(payload.get("pretty")), _LABEL if resolved else _QUESTION)
    test = text(raw.get("preview")) == "true"
    return (submission(answers, around, text(payload["submissionID"]), test),)


def _answers(raw: Mapping[str, Any], pretty: str, shape: re.Pattern[str]) -> Iterator[Answer]:
    """Yield what was answered under the keys of that *shape*, whose group is a name."""
    labels = _labels(raw, pretty)
    for key, value in raw.items():
        question = shape.fullmatch(key)
        if not question or silent(value) or _unwanted(value):
            continue
        field = ""
        if isinstance(value, dict) and "answer" in value:
            field, value = FIELDS.get(text(value.get("type")), ""), value["answer"]
        name = labels.get(key) or question[1]
        yield Answer(name, file_names(value) if _uploaded(value) else value, key, field)


def _unwanted(value: Any) -> bool:
    """True for a drawn signature, and for a payment with its card's data."""
    if isinstance(value, dict):
        return any(name.lower().startswith("cc_") for name in value)
    return text(value).startswith("data:")


def _uploaded(value: Any) -> bool:
    every = value if isinstance(value, list) else [value]
    return any("jotform.com/uploads/" in text(one) for one in every)


def _labels(raw: Mapping[str, Any], pretty: str) -> dict[str, str]:
    """Return labels by keys from *pretty* (`Label:answer, Label:answer`), where they are certain.

    An answer that stands there twice has no certain label: two boxes with "Yes", say.
    """
    if not pretty or len(pretty) > LONGEST_PRETTY:
        return {}
    pretty += ", "
    found = []
    for key, value in raw.items():
        marked = f":{_said(value)}, "
        if len(marked) > len(":, ") and pretty.count(marked) == 1:
            found.append((pretty.index(marked), len(marked), key))
    labels, begun = {}, 0
    for at, length, key in sorted(found):
        label = pretty[begun:at].strip(" :")
        # An answer that was not found stands between: what follows it is the label.
        labels[key] = label.rpartition(", ")[2] if ":" in label else label
        begun = at + length
    return labels


def _said(value: Any) -> str:
    """Return an answer as `pretty` writes it: the parts of a name or a number side by side."""
    value = sole(value)
    parts = value.values() if isinstance(value, dict) else [value]
    return " ".join(filter(None, map(text, parts)))


JOTFORM = Sender(
    name="jotform",
    title="Jotform",
    recognises=recognises,
    items=items,
    reply="always_200",
)
