"""Which pages of a site speak of the company: contact, imprint, about, by the links to them. Pure.

The words are those that links say and addresses hold, in some forty languages: transcribed, as
many addresses have them, and in their own script.
"""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from shared.pages.page import Link

MOST_PAGES = 4
"""Beyond the home page: contact, imprint and about, and one in reserve."""

DEEPEST = 3
"""Parts of a path; `/en/company/contact` has three, a blog's posts more."""

_IMPRINT = (
    "impressum imprint legal-notice legalnotice legal-information mentions-legales mentionslegales "
    "aviso-legal avisolegal note-legali notelegali informazioni-legali dati-societari "
    "nota-prawna colofon colophon juridische-informatie rechtliches anbieterkennzeichnung "
    "informacoes-legais imprint-en company-details company-information impresum rekvizity "
    "реквизиты tokushoho tokutei 特定商取引法 会社概要 사업자정보 法律声明"
)
_CONTACT = (
    "contact contacts contact-us contactus contact_us get-in-touch reach-us kontakt kontakte "
    "kontakta kontakta-oss kontakt-oss kontaktai kontakti kontakty kontaktandmed contactez-nous "
    "nous-contacter contatti contattaci contacto contactenos contactanos contactar contato "
    "fale-conosco contactos contactar-nos contacte contacteaza-ne ota-yhteytta yhteystiedot "
    "yhteys hafa-samband iletisim bize-ulasin elerhetoseg kapcsolat epikoinonia lien-he hubungi "
    "hubungi-kami kontak toiawase otoiawase inquiry yhteystiedot contatto neem-contact-op "
    "контакты контакти связаться επικοινωνια iletişim liên-hệ お問い合わせ 联系我们 聯絡我們 "
    "연락처 문의 اتصل-بنا צור-קשר संपर्क ติดต่อเรา"
)
_ABOUT = (
    "about about-us aboutus about_us company our-company who-we-are our-story ueber-uns uber-uns "
    "ueberuns unternehmen firma das-unternehmen a-propos apropos qui-sommes-nous entreprise "
    "notre-entreprise chi-siamo chisiamo azienda l-azienda sobre sobre-nosotros quienes-somos "
    "nosotros empresa la-empresa sobre-nos quem-somos a-empresa over-ons overons om-oss om-os "
    "o-nas o-firmie o-nama o-spolecnosti o-kompanii hakkimizda kurumsal tietoa-meista yritys "
    "meista rolunk despre-noi apie-mus par-mums meist sxetika etaireia tentang-kami gioi-thieu "
    "corporate profile о-компании о-нас про-нас σχετικα hakkımızda 会社案内 企業情報 关于我们 "
    "關於我們 회사소개 من-نحن אודות हमारे-बारे-में เกี่ยวกับเรา"
)

_ENDING = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|cfm)$")


def onward(links: Iterable[Link], home: str) -> list[str]:
    """Return the pages among *links* that speak of the company, MOST_PAGES at most.

    First one of each kind (imprint, contact, about), the shortest path of its kind, then what is
    left. *home* and other spellings of it are none of them.
    """
    by_kind: list[list[str]] = [[] for _ in _KINDS]
    known = {_place(home)}
    for link in links:
        kind, place = _kind(link), _place(link.url)
        if kind is not None and place not in known:
            known.add(place)
            by_kind[kind].append(link.url)
    for found in by_kind:
        found.sort(key=_depth)
    first = [found[0] for found in by_kind if found]
    rest = [url for found in by_kind for url in found[1:]]
    return [*first, *rest][:MOST_PAGES]


def _kind(link: Link) -> int | None:
    """Return of which kind a page is, by what the link to it says or else by its address."""
    parts = _parts(link.url)
    if len(parts) > DEEPEST:
        return None
    said = {_word(link.text), _word(parts[-1]) if parts else ""}
    return next((number for number, words in enumerate(_KINDS) if said & words), None)


def _word(part: str) -> str:
    """Return what a link says, or one part of a path, as the words above: `Über uns` `uber-uns`."""
    lower = unicodedata.normalize("NFKC", unquote(part)).lower()
    bare = re.sub(r"[\W_]+", "-", _ENDING.sub("", lower)).strip("-")
    return _folded(bare)


def _folded(text: str) -> str:
    """Return *text* without the accents of Latin and Greek letters; other scripts need theirs."""
    apart = unicodedata.normalize("NFD", text)
    kept = [
        char for place, char in enumerate(apart) if not ("\u0300" <= char <= "\u036f" and place)
    ]
    return unicodedata.normalize("NFC", "".join(kept)).replace("ı", "i").replace("đ", "d")


def _parts(url: str) -> list[str]:
    return [part for part in urlsplit(url).path.split("/") if part]


def _depth(url: str) -> int:
    return len(_parts(url))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}/{parts.path.strip('/')}?{parts.query}"


_KINDS = tuple(frozenset(map(_word, words.split())) for words in (_IMPRINT, _CONTACT, _ABOUT))
"""Imprints first: where the law asks for one it says more than any other page."""
