"""Pairs: a question and its answer in one object, under whatever names a sender gives the two."""

import re
from functools import lru_cache
from typing import Any

from services.dedup.intake.sent import Answer
from shared.labels.label import meaning
from shared.labels.spelling import LONGEST, spelt

LABELS = (
    *("label", "title", "question", "questiontext", "questiontitle", "questionname", "prompt"),
    *("caption", "heading", "fieldlabel", "fieldtitle", "displayname", "columnname", "fieldname"),
    *("name", "field", "variable", "key", "customkey", "slug", "ref", "fieldkey", "columnid"),
    *("attribute", "property", "part", "questionid", "fieldid", "id", "uid", "var", "q"),
    *("frage", "feld", "bezeichnung", "champ", "nom", "libelle", "etiquette", "etiqueta"),
    *("campo", "nombre", "nome", "pergunta", "pregunta", "domanda", "etichetta", "vraag", "veld"),
    *("naam", "pytanie", "pole", "nazwa", "fraga", "felt", "вопрос", "поле", "название"),
)
"""How senders name what was asked, what people read first (names without `_` and case)."""

VALUES = (
    *("value", "values", "answer", "answers", "response", "responses", "stringvalue", "uservalue"),
    *("fieldvalue", "answertext", "answervalue", "responsetext", "input", "data", "selected"),
    *("choice", "choices", "selectedoptions", "rawvalue", "text", "content", "prettyvalue"),
    *(
        "val",
        "a",
        "wert",
        "antwort",
        "valeur",
        "reponse",
        "valor",
        "respuesta",
        "resposta",
        "valore",
    ),
    *("risposta", "waarde", "antwoord", "wartosc", "odpowiedz", "svar", "varde", "vaerdi"),
    *("значение", "ответ", "deger", "cevap", "hodnota", "odpoved"),
)
"""How senders name what was answered, the likeliest first."""

KEYS = ("id", "fieldid", "questionid", "key", "customkey", "ref", "fieldkey", "columnid", "slug")
"""How senders name what stays the same when a label is reworded."""

BESIDE = frozenset(
    (
        *("type", "fieldtype", "questiontype", "inputtype", "required", "isrequired", "options"),
        *("position", "order", "index", "description", "placeholder", "page", "step", "section"),
        *("rawvalue", "prettyvalue", "format", "hidden", "visible", "group", "uuid", "family"),
        *("shown", "answerid", "ordinal", "sort", "weight", "valid", "skipped", "widget"),
        *("confidence", "settings", "hint", "help", "score", "objecttypeid", "kind", "category"),
    )
)
"""What may stand beside the two in a pair."""

ASKED = frozenset(
    (
        *("label", "question", "questiontext", "questiontitle", "questionname", "prompt"),
        *("fieldlabel", "fieldtitle", "fieldname", "frage", "pergunta", "pregunta", "domanda"),
        *("vraag", "pytanie", "fraga", "вопрос", "質問", "问题", "soru", "otazka", "sporsmal"),
        *("rotulo", "etiqueta", "etiquette", "etikett", "etichetta", "libelle", "intitule"),
        *("beschriftung", "etykieta", "bezeichnung", "nombrecampo", "feldname"),
    )
)
ANSWERED = frozenset(
    (
        *("value", "answer", "response", "uservalue", "answertext", "fieldvalue", "antwort"),
        *("valeur", "reponse", "valor", "respuesta", "resposta", "risposta", "antwoord"),
        *("odpowiedz", "svar", "ответ", "回答", "答案", "cevap", "odpoved"),
    )
)
"""Names that stand for nothing else than a question and an answer, whatever is beside them."""

COMPANY_OF_HUBSPOT = "0-2"
"""The `objectTypeId` of a company's property in HubSpot's forms; a contact's is 0-1. Its `name`
is the firm's. Source: developers.hubspot.com, forms submission and CRM object type ids."""

_SIGNS = re.compile(r"[\W_]+")
_MAIL_TYPES = frozenset({"email", "mail", "emailaddress"})
_PHONE_TYPES = frozenset({"tel", "phone", "phonenumber", "telephone", "mobile", "mobilephone"})
_KIND = re.compile(r"input|field|question|widget|control|textbox|element")


def bare(name: str) -> str:
    """Return *name* in lower case, its letters and digits alone: `Form_ID` is formid.

    Of a name longer than `LONGEST` characters its beginning is read, and not remembered.
    """
    return _bare(name) if len(name) <= LONGEST else _SIGNS.sub("", name[:LONGEST]).lower()


@lru_cache(8192)
def _bare(name: str) -> str:
    return _SIGNS.sub("", name.lower() if name.isascii() else spelt(name))


def paired(value: Any) -> bool:
    """Return whether *value* is an object that names one question and its answer."""
    return isinstance(value, dict) and pair_of(value) is not None


def pair_of(value: dict[str, Any]) -> tuple[str, str] | None:
    """Return the names under which an object keeps question and answer, if that is all it keeps."""
    if not 2 <= len(value) <= 16:
        return None
    names = {bare(name): name for name in value}
    if not names.keys() <= _OF_PAIRS and not _surely(names):
        return None
    answer = next((names[name] for name in VALUES if name in names), "")
    label = next(
        (names[n] for n in LABELS if n in names and names[n] != answer and told(value[names[n]])),
        names.get("type", ""),
    )
    if not (label and answer) or _holds_pairs(value[answer]):
        return None
    # An event and what it is about; a change and what has changed.
    wraps = (bare(label) == "type" and _wraps(value[answer])) or _deep(value[answer])
    return None if wraps else (label, answer)


def _surely(names: dict[str, str]) -> bool:
    """True if two of *names* are surely a question's and its answer's, and no other is a lead's."""
    if not (names.keys() & ASKED and names.keys() & ANSWERED):
        return False
    return not any(meaning(names[name]).field in _REACH for name in names.keys() - _OF_PAIRS)


def _deep(value: Any) -> bool:
    """True for an object that holds lists of objects."""
    inner = value.values() if isinstance(value, dict) else ()
    return any(isinstance(each, list) and each and isinstance(each[0], dict) for each in inner)


def _wraps(value: Any) -> bool:
    """True for an object that holds more than one value: somebody, or what happened."""
    if not isinstance(value, dict):
        return False
    deep = any(isinstance(inner, (dict, list)) for inner in value.values())
    return deep or any(meaning(name).field in ("email", "from") for name in list(value)[:16])


def _holds_pairs(value: Any) -> bool:
    """True if what looks like an answer is a list of further questions and their answers."""
    return isinstance(value, list) and any(paired(item) for item in value[:3])


def answer_of(value: dict[str, Any], pair: tuple[str, str], path: tuple[str, ...]) -> Answer:
    """Return the answer that *value* is by its *pair* of names (`pair_of`), found at *path*."""
    label, answer = pair
    name = told(value[label])
    around = meaning(".".join((*path, "email"))) if path else None
    theirs = around is not None and (around.other or bool(around.roles))
    if value.get("objectTypeId") == COMPANY_OF_HUBSPOT:
        name = f"company.{name}"
    elif bare(label) == "type" and path:
        # emails: [{"type": "work", "value": …}]
        name = f"{'.'.join(path) if theirs else path[-1]} {name}"
    elif theirs:
        name = ".".join((*path, name))  # what stands under `owner` is the owner's
    names = {bare(each): each for each in value}
    key = next((told(value[names[each]]) for each in KEYS if each in names), "")
    kind = next((str(value[names[each]]) for each in KIND_NAMES if each in names), "")
    said = value[answer]
    if said in (None, "", [], {}):
        said = next((value[names[n]] for n in VALUES if n in names and value[names[n]]), said)
    return Answer(name, said, key, typed(kind) if bare(label) != "type" else "")


def tag_of(value: dict[str, Any]) -> str:
    """Return the name that an object's `type` says its value is under: `{"type": "email", …}`."""
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in value:
        return ""
    return kind if value.keys() <= {"id", "type", kind} else ""


def in_one_text(value: Any) -> Any:
    """Return text that is kept in runs (`[{"plain_text": …}]`, as Notion does) as one text."""
    runs = value if isinstance(value, list) else []
    said = [run.get("plain_text") for run in runs if isinstance(run, dict)]
    texts = [text for text in said if isinstance(text, str)]
    return "".join(texts) if texts and len(texts) == len(runs) else value


def typed(kind: str) -> str:
    """Return the field that a sender's type of a box surely is: `email`, `phone` or nothing."""
    told = _KIND.sub("", bare(kind))
    return "email" if told in _MAIL_TYPES else "phone" if told in _PHONE_TYPES else ""


def told(value: Any) -> str:
    """Return the name in *value*: a text, a number, or what an object names itself by."""
    if isinstance(value, dict):
        inner = {bare(name): item for name, item in value.items()}
        named = (*LABELS, *_IN_WORDS)
        return next((name for n in named if n in inner and (name := _told_text(inner[n]))), "")
    return _told_text(value)


def _told_text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


_REACH = frozenset({"email", "phone"})
_IN_WORDS = ("text", "custom", "default", "en", "de", "fr", "es", "it", "pt", "nl", "pl")
"""How an object that is a label names its words: by kind, or by language."""

KIND_NAMES = ("type", "fieldtype", "questiontype", "inputtype", "kind")
ANSWERING = frozenset(VALUES) - {"text", "content", "choices", "data"}
_OF_PAIRS = frozenset((*LABELS, *VALUES, *KEYS)) | BESIDE
