"""Columns: which field of a lead each column of somebody's table holds.

A table comes with its own headings. The common ones are known (`KNOWN`, at the foot); others
are named by the person who sends the table. What is neither is not read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.errors import Malformed
from shared.lead_fields import FIELDS, OTHERS
from shared.normalize import email
from shared.normalize.text import fold

SUBMITTED_AT, CONSENT, ID = "submitted_at", "consent", "id"
TARGETS = (*FIELDS, SUBMITTED_AT, CONSENT, ID)
"""What a column may hold: a field of the lead, when it was sent, which wording of the consent
text the person agreed to, or the sender's own key of the row."""

FURTHER = {"email": "other_email", "phone": "other_phone"}
"""Where what a second column says goes: a table of work, home and mobile has three of a kind."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each target stands in a row."""

    places: Mapping[str, tuple[int, ...]]
    """Positions (from 0) by target; the first one that says something counts. What further columns
    of addresses or numbers say is a further one."""
    unread: tuple[str, ...]
    """Headings that mean nothing to us."""

    def read(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says by target, stripped; what it leaves empty is left out."""
        said: dict[str, str] = {}
        further: dict[str, list[str]] = {}
        for target, positions in self.places.items():
            texts = [text for position in positions if (text := cells[position].strip())]
            if target in OTHERS:
                further.setdefault(target, []).extend(texts)
            elif texts:
                said[target] = texts[0]
                if len(texts) > 1 and target in FURTHER:
                    more = [text for text in texts[1:] if text != texts[0]]
                    further.setdefault(FURTHER[target], [])[:0] = more
        return said | {target: "; ".join(texts) for target, texts in further.items() if texts}


def mapped(header: Sequence[str], named: Mapping[str, str]) -> Columns:
    """Return the columns of a table with this *header*.

    *named* maps headings to targets and outranks `KNOWN`; an empty target leaves a column
    unread. Raises Malformed for a heading or target that is not there, and for a table that
    has no column to reach a person by.
    """
    _check(header, named)
    chosen = {fold(heading): target for heading, target in named.items()}
    places: dict[str, tuple[int, ...]] = {}
    unread = []
    for position, heading in enumerate(header):
        target = chosen.get(fold(heading), KNOWN.get(fold(heading).replace(" ", ""), ""))
        if target:
            places[target] = (*places.get(target, ()), position)
        else:
            unread.append(heading)
    if places.keys().isdisjoint(("email", "phone", *OTHERS)):
        raise Malformed(_unreachable(header))
    return Columns(places, tuple(unread))


def _check(header: Sequence[str], named: Mapping[str, str]) -> None:
    known = {fold(heading) for heading in header}
    faults: dict[str, object] = {}
    for heading, target in named.items():
        if fold(heading) not in known:
            faults[f"--map {heading}"] = "is no column of this table"
        elif target and target not in TARGETS:
            faults[f"--map {heading}"] = f"must name one of {', '.join(TARGETS)}"
    if faults:
        raise Malformed("The columns cannot be mapped.", faults)


def _unreachable(header: Sequence[str]) -> str:
    if any(email.parse(heading) for heading in header):
        return "The first row must name the columns, and this one looks like a lead."
    return "No column is known to hold an email or a phone: name it, as in --map 'Contact=email'."


_HEADINGS = {
    "email": "email, e-mail, mail, email address, e-mail address, primary email, work email, "
    "business email, e-mail-adresse, mailadresse, courriel, adresse e-mail, correo, "
    "correo electronico, email 1, email address 1, e-mail 1 - value, person - email, "
    "person - email - work, work e-mail, personal email, indirizzo e-mail, indirizzo email, "
    "endereco de e-mail, e-mailadres, adres e-mail, e-post, メールアドレス, メール, "
    "电子邮件, 이메일",
    "phone": "phone, telephone, mobile, cell, tel, phone number, telephone number, mobile phone, "
    "mobile number, mobile phone number, cell phone, work phone, business phone, phone 1, "
    "telefon, telefonnummer, handy, mobil, mobiltelefon, portable, telefono, movil, "
    "phone 1 - value, mobile 1, mobile phone 1, person - phone, person - phone - work, "
    "person - phone - mobile, primary phone, home phone, home phone number, telefon geschaftlich, "
    "telefon privat, handynummer, mobilnummer, festnetz, telephone portable, telephone mobile, "
    "telephone professionnel, telefono movil, telefono fijo, celular, cellulare, "
    "telefono cellulare, telefone, telemovel, telefoon, telefoonnummer, numer telefonu, "
    "電話番号, 電話, 携帯電話, 电话, 手机, 전화번호",
    "other_email": "other email, other emails, further email, second email, secondary email, "
    "alternate email, alternative email, additional email, additional emails, "
    "additional email addresses, email 2, email address 2, weitere e-mail, zweite e-mail, "
    "autre e-mail, autre courriel, otro correo, email 3, e-mail 2 address, e-mail 3 address, "
    "e-mail 2 - value, e-mail 3 - value, person - email - home, person - email - other",
    "other_phone": "other phone, other phones, further phone, second phone, secondary phone, "
    "alternate phone, alternative phone, additional phone, additional phone numbers, phone 2, "
    "phone number 2, other phone number, weitere telefonnummer, zweite telefonnummer, "
    "autre telephone, otro telefono, phone 3, mobile 2, mobile phone 2, business phone 2, "
    "home phone 2, phone 2 - value, phone 3 - value, person - phone - home, "
    "person - phone - other",
    "name": "name, full name, contact name, contact, lead name, nom complet, nombre completo, "
    "person - name, deal - contact person, 氏名",
    "first_name": "first name, given name, forename, first, vorname, prenom, nombre, "
    "person - first name",
    "last_name": "last name, surname, family name, last, nachname, familienname, "
    "nom de famille, nom, apellido, apellidos, "
    "person - last name, achternaam, cognome, sobrenome, nazwisko",
    "company": "company, organisation, organization, account, company name, account name, "
    "organisation name, organization name, employer, business, firma, unternehmen, "
    "societe, entreprise, empresa, company / account, associated company, organization 1 - name, "
    "person - organization, organization - name, firmenname, azienda, bedrijf, bedrijfsnaam, "
    "nazwa firmy, 会社名",
    "job_title": "job title, title, position, role, jobtitel, "
    "organization title, organization 1 - title",
    "website": "website, web site, website url, url, homepage, web, webseite, "
    "website 1 - value, web page",
    "street": "street, address, street address, address 1, address line 1, mailing street, "
    "strasse, adresse, rue, direccion, address 1 - street, business street",
    "city": "city, town, mailing city, billing city, ort, stadt, ville, ciudad, "
    "address 1 - city, business city",
    "state": "state, province, region, state/region, state/province, mailing state, bundesland, "
    "address 1 - region, business state, mailing state/province",
    "postal_code": "postal code, zip, zip code, postcode, zip/postal code, mailing zip, "
    "mailing postal code, plz, postleitzahl, code postal, codigo postal, address 1 - postal code, "
    "business postal code, mailing zip/postal code",
    "country": "country, country/region, country code, mailing country, land, pays, pais, "
    "address 1 - country, business country/region",
    "date_of_birth": "date of birth, birth date, birthday, dob, geburtsdatum, "
    "date de naissance, fecha de nacimiento",
    "message": "message, enquiry, inquiry, comment, comments, nachricht",
    "loan_amount": "loan amount, amount requested, requested amount, amount needed, "
    "funding amount, financing amount, kreditbetrag, kreditsumme, darlehenssumme, "
    "montant du pret, montant demande, importe del prestamo, monto solicitado",
    "revenue": "revenue, annual revenue, yearly revenue, turnover, annual turnover, umsatz, "
    "jahresumsatz, chiffre d'affaires, ingresos anuales, facturacion anual",
    "currency": "currency, currency code, waehrung, wahrung, devise, moneda",
    "founded_year": "founded year, year founded, founded, established, year established, "
    "gruendungsjahr, grundungsjahr, annee de creation, ano de fundacion",
    SUBMITTED_AT: "submitted at, created at, created, create date, created date, date created, "
    "created on, created time, person - person created, date added, creation date, erstellt am, "
    "date de creation, fecha de creacion",
}

KNOWN = {
    fold(heading).replace(" ", ""): target
    for target, headings in _HEADINGS.items()
    for heading in headings.split(",")
} | {target.replace("_", ""): target for target in (*FIELDS, SUBMITTED_AT)}
"""Target by heading, as English, German, French and Spanish tables and the exports of HubSpot,
Salesforce and Pipedrive name it; case, accents, spaces and signs do not count. `consent` and
`id` are never guessed: what a tick in somebody's table means is for its owner to say."""
