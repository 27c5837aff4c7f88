"""Which labels of a simple Elementor post are the form's, and which the plugin's own.

The plugin adds date, time, page, browser and address of the visitor after the answers, under words
of the site's language, which a site may change: so the values are looked at too. The words of
thirteen languages are those of Elementor Pro's own translations; of others, only what a date and a
time are called, from knowing the languages.
"""

import re
from collections.abc import Sequence
from typing import Any

from services.dedup.intake.senders.json_values import ip, text, url

IP, USER_AGENT, PAGE = "ip", "user_agent", "page"
TITLE, CREDIT, DATE, TIME = "title", "credit", "date", "time"

WORDS = {
    PAGE: ("ссылка на страницу",),
    TITLE: (
        *("page title", "seiten titel", "titre de la page", "título da página", "titolo pagina"),
        *("pagina titel", "tytuł strony", "sidetitel", "sidetittel", "sidrubrik", "頁面標題"),
    ),
    CREDIT: (
        *("powered by", "unterstützt von", "propulsé par", "funciona con", "desenvolvido por"),
        *("aangedreven door", "napędzany przez", "drevet af", "drivs med"),
        *("работает на", "працює на"),
    ),
    DATE: (
        *("date", "datum", "fecha", "data", "dato", "дата", "日期"),
        *("päivämäärä", "tarih", "dátum", "dată", "日付", "날짜", "ημερομηνία", "תאריך", "التاريخ"),
    ),
    TIME: (
        *("time", "zeit", "heure", "hora", "horário", "orario", "tijd", "czas", "tidspunkt", "tid"),
        *("время", "час", "時間"),
        *("uhrzeit", "aika", "zaman", "saat", "čas", "idő", "ora", "时间", "시간", "ώρα", "זמן"),
    ),
}
"""The plugin's labels, in lower case, by kind. Nearly all languages call a page's "URL"."""

NO_LABEL = (
    *("No Label ", "Keine Feldbezeichnung ", "Aucun libellé ", "Sin Etiqueta ", "Sem rótulo "),
    *("Nessuna etichetta ", "Geen label ", "Bez etykiety ", "Ingen mærke ", "Ingen etikett "),
    *("Без ярлыка ", "Без мітки ", "沒有標籤 "),
)
"""What stands before the id of a field without a label."""

_KIND_OF = {word: kind for kind, words in WORDS.items() for word in words}

_BROWSER = re.compile(r"(Mozilla|Opera|Dalvik)/\d+\.\d+ ?\(.*")
_HOUR = re.compile(r"\d{1,2}[:.h]\d{2}(:\d{2})?( ?[^\W\d]{1,3}\.?[^\W\d]?\.?)?")


def kinds(fields: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Return each label with its kind, an empty text for an answer.

    A browser and an IP address are no answers wherever they stand. The rest is the plugin's only
    in the block behind all answers: a form may well ask for a date, a time or a page.
    """
    found = [(label, _by_value(text(value))) for label, value in fields]
    for place in reversed(range(len(fields))):
        label, kind = found[place]
        kind = kind or _by_place(label, text(fields[place][1]), [kind for _, kind in found[place:]])
        if not kind:
            break
        found[place] = (label, kind)
    return found


def _by_value(value: str) -> str:
    if _BROWSER.fullmatch(value):
        return USER_AGENT
    return IP if ip(value) else ""


def _by_place(label: str, value: str, rest: Sequence[str]) -> str:
    """Return the kind of a field in the block by its label, or by the kinds of those from it on.

    Each kind stands there once; a word alone is not enough.
    """
    behind = rest[1:]
    kind = _KIND_OF.get(label.strip().lower(), "")
    if not kind and value == "Elementor":
        kind = CREDIT
    elif not kind and "url" in label.lower() and "web" not in label.lower():
        kind = PAGE
    elif not kind and _HOUR.fullmatch(value) and PAGE in behind:
        kind = TIME
    elif not kind and behind[:1] == [TIME]:
        kind = DATE
    return kind if kind not in behind and _fits(kind, value) else ""


def _fits(kind: str, value: str) -> bool:
    if kind == PAGE:
        return not value or url(value) is not None
    return kind not in (DATE, TIME) or any(map(str.isdigit, value))
