"""What the forms of a page are for: contact, quote, application, newsletter, lead capture. Pure.

Told by what a form asks for and by the words on and around it, in five languages.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Form, FormKind
from shared.pages.parsing.tree import Node, plain

MOST = 30
"""Forms of a page that are read, and fields of each times five."""


def _opening(pattern: str) -> re.Pattern[str]:
    """Return what finds *pattern* where a word begins."""
    return re.compile(rf"(?<!\w)(?:{pattern})")


_SEARCH = ("q", "s", "query", "search", "suche", "buscar", "busca", "recherche", "keyword")

_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("email", r"e-?mail|correo|courriel"),
        ("phone", r"phone|\btel|_tel|mobil|handy|celular|whatsapp|fone\b|rufnummer"),
        (
            "company",
            r"compan|business|firma\b|unternehmen|empresa|entreprise|soci[eé]t[eé]|organi[sz]ation",
        ),
        (
            "amount",
            r"amount|betrag|summe|importe|monto|montant|\bvalor|loan|turnover|umsatz|revenue"
            r"|income|einkommen|ingresos|renda\b|faturamento|chiffre",
        ),
        (
            "message",
            r"message|nachricht|mensaje|mensagem|comment|anfrage|consulta\b|enquiry|inquiry",
        ),
        ("name", r"name|\bnom\b|nombre|\bnome\b|apellido|pr[eé]nom"),
    )
)
"""What a field is for by its name, label or placeholder; the first that fits."""

_WORDS: tuple[tuple[FormKind, re.Pattern[str]], ...] = (
    (
        "newsletter",
        _opening(
            r"newsletter|subscribe|abonnier|abonnez|suscr[ií]b|assine|bolet[ií][nm]|infolettre"
            r"|mailing ?list|rundbrief|novedades|novidades"
        ),
    ),
    (
        "quote",
        _opening(
            r"quote|quotation|estimate|angebot|kostenvoranschlag|presupuesto|cotizaci[oó]n|devis\b"
            r"|or[cç]amento|cota[cç][aã]o"
        ),
    ),
    (
        "application",
        _opening(
            r"apply|application|antrag|beantrag|bewerb|solicitud|solicite|solicitar|postul"
            r"|candidat|demande de (?:cr[eé]dit|financement|pr[eê]t)|kreditanfrage|proposta"
            r"|finanzierungsanfrage|prequalif|pre-qualif"
        ),
    ),
    (
        "contact",
        _opening(
            r"contact|kontakt|contato|schreiben sie|escr[ií]b|[eé]crivez|fale conosco"
            r"|get in touch"
        ),
    ),
    (
        "lead_capture",
        _opening(
            r"download|herunterladen|descarg|t[eé]l[eé]charg|baixar|baixe|e-?book|whitepaper"
            r"|demo\b|webinar|callback|call me back|r[uü]ckruf|free\b|kostenlos|gratis|gratuit"
            r"|gr[aá]tis|trial"
        ),
    ),
)
"""Words that tell what a form is for, on its buttons, in its headings, names and address."""


def forms(tree: LexborHTMLParser) -> tuple[Form, ...]:
    """Return the forms of *tree* in their order."""
    return tuple(_form(node) for node in tree.css("form")[:MOST])


def _form(node: Node) -> Form:
    fields = tuple(dict.fromkeys(_roles(node)))
    kind, reason = _kind(set(fields), _words(node))
    return Form(kind, reason, fields)


def _kind(asked: set[str], words: str) -> tuple[FormKind, str]:
    """Return what a form with such fields and words is for, and why."""
    if "password" in asked:
        return "other", "asks for a password"
    if not asked & {"email", "phone", "message"}:
        return "other", "searches" if "search" in asked else "asks for no way to answer"
    said = {kind: found[0] for kind, pattern in _WORDS if (found := pattern.search(words))}
    if "newsletter" in said and asked <= {"email", "name"}:
        return "newsletter", f'asks for an address and says "{said["newsletter"]}"'
    for told in _BY_WORDS:
        if told in said:
            return told, f'says "{said[told]}"'
    if "amount" in asked:
        return "application", "asks for an amount of money"
    if "message" in asked:
        return "contact", "has a message field"
    for told in _BY_WORDS_LATER:
        if told in said:
            return told, f'says "{said[told]}"'
    return "lead_capture", f"asks for {' and '.join(sorted(asked & _ASKED))}, and for no message"


_BY_WORDS: tuple[FormKind, ...] = ("quote", "application")
_BY_WORDS_LATER: tuple[FormKind, ...] = ("lead_capture", "contact")
_ASKED = {"email", "phone", "name", "company"}


def _roles(form: Node) -> Iterator[str]:
    """Yield what the fields of *form* ask for."""
    labels = {label.attributes.get("for"): label.text() for label in form.css("label")[: 5 * MOST]}
    for field in form.css("input, textarea, select")[: 5 * MOST]:
        attributes = field.attributes
        kind = (attributes.get("type") or "text").lower()
        named = [attributes.get(name) or "" for name in ("name", "id", "placeholder", "aria-label")]
        label = labels.get(attributes.get("id") or "") or ""
        role = _role(field.tag or "", kind, plain(" ".join([*named, label]), 500).lower())
        if role:
            yield role


def _role(tag: str, kind: str, words: str) -> str | None:
    if kind in ("hidden", "submit", "button", "image", "reset", "checkbox", "radio"):
        return None
    if tag == "textarea":
        return "message"
    if kind in ("email", "file", "password", "search"):
        return kind
    if kind == "tel":
        return "phone"
    if set(words.split()) & set(_SEARCH):
        return "search"
    return next((role for role, pattern in _FIELDS if pattern.search(words)), None)


def _words(form: Node) -> str:
    """Return the words that a form stands under, in small letters."""
    attributes = form.attributes
    named = [attributes.get(name) or "" for name in ("id", "name", "class", "aria-label", "action")]
    buttons = [
        f"{button.text()} {button.attributes.get('value') or ''}"
        for button in form.css("button, input[type=submit]")[:MOST]
    ]
    titles = [title.text() for title in form.css("h1, h2, h3, h4, h5, legend")[:MOST]]
    around = form.parent.css_first("h1, h2, h3, h4") if form.parent is not None else None
    found = [*named, *buttons, *titles, around.text() if around is not None else ""]
    return plain(re.sub(r"[-_/.]", " ", " ".join(part[:300] for part in found)), 4000).lower()
