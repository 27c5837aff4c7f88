"""Headings of exports: what each column is taken for, and what none is."""

import pytest

from services.dedup.imports import guessing
from shared.columns import KNOWN, mapped
from shared.labels import headings
from shared.normalize.text import fold


def taken(*header):
    """Return the field of each heading of a table, by its name alone."""
    meant = headings.meant(header)
    return [KNOWN.get(fold(each).replace(" ", "")) or meant.get(each) for each in header]


def read(header, *rows):
    """Return what the last of *rows* says, its columns read as an import does."""
    found = guessing.columns(header, rows, {}, "DE")
    return mapped(header, guessing.by_values(found)).read(rows[-1])


EXPORTS = {
    "Google Contacts": [
        ("First Name", "first_name"), ("Middle Name", None), ("Last Name", "last_name"),
        ("Organization Name", "company"), ("Organization Title", "job_title"),
        ("E-mail 1 - Label", None), ("E-mail 1 - Value", "email"),
        ("E-mail 2 - Value", "other_email"), ("Phone 1 - Label", None),
        ("Phone 1 - Value", "phone"), ("Phone 2 - Value", "other_phone"),
        ("Address 1 - Street", "street"), ("Address 1 - City", "city"),
        ("Address 1 - Postal Code", "postal_code"), ("Address 1 - Country", "country"),
        ("Website 1 - Value", "website"), ("Nickname", None), ("Labels", None),
    ],
    "Outlook": [
        ("E-mail Address", "email"), ("E-mail Display Name", None),
        ("E-mail 2 Address", "other_email"), ("E-mail 2 Display Name", None),
        ("Home Phone", "phone"), ("Business Phone 2", "other_phone"), ("Mobile Phone", "phone"),
        ("Assistant's Phone", None), ("Business Fax", None), ("Manager's Name", None),
        ("Business City", "city"), ("Home City", "city"), ("Spouse", None),
    ],
    "Pipedrive": [
        ("Person - Name", "name"), ("Person - Email - Work", "email"),
        ("Person - Email - Home", "other_email"), ("Person - Phone - Mobile", "phone"),
        ("Person - Organization", "company"), ("Person - Owner", None), ("Person - ID", None),
        ("Deal - Title", None),
    ],
    "HubSpot": [
        ("Record ID", None), ("Associated Company", "company"), ("Contact owner", None),
        ("Mobile Phone Number", "phone"), ("Associated Company IDs", None), ("Lead Status", None),
    ],
    "Salesforce": [
        ("Company / Account", "company"), ("State/Province", "state"), ("Lead Owner", None),
        ("Mailing Zip/Postal Code", "postal_code"), ("Lead Owner Email", None),
        ("Asst. Phone", None),
    ],
    "Zoho": [("Created Time", "submitted_at"), ("Lead Owner.id", None), ("Email Opt Out", None)],
    "Mailchimp": [("Email Address", "email"), ("OPTIN_IP", None), ("TIMEZONE", None)],
    "LinkedIn": [("Connected On", None), ("work_email", "email"), ("form_name", None)],
    "German": [
        ("Anrede", None), ("Telefon geschäftlich", "phone"), ("Mobiltelefon", "phone"),
        ("Telefon 2", "other_phone"), ("Firmenname", "company"), ("Funktion", "job_title"),
        ("Titel", None), ("Straße und Hausnummer", "street"), ("Fax", None),
    ],
    "French": [("Téléphone portable", "phone"), ("Raison sociale", "company"), ("Civilité", None)],
    "Spanish": [
        ("Nombre", "first_name"), ("Teléfono móvil", "phone"), ("Puesto", "job_title"),
        ("Segundo apellido", None),
    ],
    "Portuguese": [
        ("Nome", "first_name"), ("Sobrenome", "last_name"), ("Celular", "phone"),
        ("Cidade", "city"), ("CEP", None),
    ],
    "Italian": [("Nome", "first_name"), ("Cognome", "last_name"), ("CAP", "postal_code")],
    "Dutch": [
        ("Voornaam", "first_name"), ("Tussenvoegsel", None), ("Achternaam", "last_name"),
        ("E-mailadres", "email"), ("Woonplaats", "city"),
    ],
    "Polish": [
        ("Imię", "first_name"), ("Nazwisko", "last_name"), ("Telefon komórkowy", "phone"),
        ("Kod pocztowy", "postal_code"),
    ],
    "Japanese": [
        ("姓", "last_name"), ("名", "first_name"), ("会社名", "company"),
        ("メールアドレス", "email"), ("電話番号", "phone"), ("郵便番号", "postal_code"),
        ("フリガナ", None),
    ],
    "Russian": [
        ("Имя", "first_name"), ("Фамилия", "last_name"), ("Отчество", None),
        ("Электронная почта", "email"), ("Мобильный телефон", "phone"),
    ],
    "Swedish": [("Förnamn", "first_name"), ("E-postadress", "email"), ("Stad", "city")],
    "Turkish": [("Soyad", "last_name"), ("Cep telefonu", "phone"), ("Şehir", "city")],
    "anybody's": [
        ("Email1", "email"), ("Email2", "other_email"), ("Phone1", "phone"),
        ("Phone 3", "other_phone"), ("Owner Email", None), ("Spouse Email", None),
        ("Email valid", None), ("Email status", None), ("Emails sent", None),
        ("Referrer email", None), ("Phone type", None), ("Company ID", None), ("Ad", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS)
def test_the_headings_of_an_export_are_known(export):
    header, fields = zip(*EXPORTS[export], strict=True)

    assert dict(zip(header, taken(*header), strict=True)) == dict(zip(header, fields, strict=True))


def test_a_name_beside_no_half_of_one_is_the_whole():
    assert taken("이름", "이메일") == ["name", "email"]


def test_a_first_and_a_second_address_are_both_read_of_one_row():
    said = read(["Email1", "Email2"], ["ann@one.example", "ann@two.example"])

    assert said == {"email": "ann@one.example", "other_email": "ann@two.example"}


def test_what_a_heading_means_is_read_of_one_row():
    header = ["Voornaam", "Mobiel", "E-Mail privat"]

    said = read(header, ["Ada", "+31 6 12345678", "ada@home.example"])

    assert said == {"first_name": "Ada", "phone": "+31 6 12345678", "email": "ada@home.example"}


@pytest.mark.parametrize("cells", [["yes", "no"], ["bounced", "ok"]])
def test_a_heading_that_its_cells_belie_is_not_believed(cells):
    rows = [["ann@one.example", cell] for cell in cells]

    (_, column) = guessing.columns(["Email", "Customer Email"], rows, {}, "DE")

    assert column.field is None


def test_a_column_that_was_chosen_stays_so():
    chosen = {"Mobiel": ""}

    (column,) = guessing.columns(["Mobiel"], [["+31 6 12345678"]], chosen, "NL")

    assert (column.field, column.why) == (None, "chosen")


def test_what_was_read_of_headings_once_is_read_of_them_again():
    header, rows = (
        ["Mobiel", "X"],
        [["+31 6 12345678", "a@b.example"], ["06 12345678", "c@d.example"]],
    )
    first = guessing.columns(header, rows, {}, "NL")

    again = guessing.columns(header, rows, guessing.by_values(first), "NL")

    assert [(one.field, one.why) for one in first] == [("phone", "heading"), ("email", "values")]
    assert again == first
