"""What ad platforms, CRMs and n8n post, from the body to the lead."""

import json

import pytest

from services.dedup.intake.detection import detected
from services.dedup.intake.post import Post
from services.dedup.intake.understanding import understood
from tests.services.dedup.intake.senders.test_calendly import ROUTED, asked, booked
from tests.services.dedup.intake.senders.test_google_ads import ANN as GOOGLE
from tests.services.dedup.intake.senders.test_google_ads import lead as google
from tests.services.dedup.intake.senders.test_hubspot import CONTACT, CRM
from tests.services.dedup.intake.senders.test_linkedin import LEAD, question, response, written
from tests.services.dedup.intake.senders.test_meta import ANN, N8N, graph
from tests.services.dedup.intake.senders.test_n8n_form import filled
from tests.services.dedup.intake.test_unwrapping import envelope

ANN_LEE = {"name": "Ann Lee", "email": "ann@acme.test", "phone": "+15551234567"}

LEADS = [
    ("google_ads", GOOGLE, ANN_LEE),
    (
        "google_ads",
        google(
            ("FIRST_NAME", "José"),
            ("LAST_NAME", "Núñez"),
            ("WORK_EMAIL", "jose@nunez.example"),
            ("COMPANY_NAME", "Núñez e Hijos"),
            ("PHONE_NUMBER_VERIFIED", "true"),
        ),
        {
            "first_name": "José",
            "last_name": "Núñez",
            "email": "jose@nunez.example",
            "company": "Núñez e Hijos",
        },
    ),
    ("meta", ANN, ANN_LEE),
    ("meta", N8N, ANN_LEE),
    (
        "meta",
        graph(
            ("vollständiger_name", "Jörg Weiß"),
            ("e-mail-adresse", "joerg@weiss.example"),
            ("telefonnummer", "+4930901820"),
            ("unternehmensname", "Weiß GmbH"),
        ),
        {
            "name": "Jörg Weiß",
            "email": "joerg@weiss.example",
            "phone": "+4930901820",
            "company": "Weiß GmbH",
        },
    ),
    (
        "linkedin",
        LEAD,
        {
            "first_name": "Jörg",
            "last_name": "Weiß",
            "email": "joerg@weiss.example",
            "phone": "+4930901820",
            "company": "Weiß GmbH",
        },
    ),
    (
        "linkedin",
        response(
            [
                question(1, "Prénom", "FIRST_NAME"),
                question(2, "E-mail", "EMAIL"),
                question(3, "E-mail professionnel", "WORK_EMAIL"),
            ],
            [written(1, "Luc"), written(2, "luc@home.example"), written(3, "luc@petit.example")],
        ),
        {"first_name": "Luc", "email": "luc@home.example", "other_email": "luc@petit.example"},
    ),
    ("hubspot", CONTACT, {"email": "ann@acme.test", "first_name": "Ann", "company": "Acme"}),
    (
        "hubspot",
        CRM,
        {
            "email": "kenji@tanaka.example",
            "first_name": "健二",
            "last_name": "田中",
            "phone": "+819012345678",
        },
    ),
    ("calendly", booked(), ANN_LEE | {"company": "Acme"}),
    (
        "calendly",
        booked(
            text_reminder_number=None,
            questions_and_answers=asked(
                ("Nome da empresa", "Vinho & Filhos"), ("Telemóvel", "+351 912 345 678")
            ),
        ),
        {
            "name": "Ann Lee",
            "email": "ann@acme.test",
            "company": "Vinho & Filhos",
            "phone": "+351 912 345 678",
        },
    ),
    ("calendly", ROUTED, {"email": "leo@rios.example", "phone": "+34 912 345 678"}),
    (
        "n8n_form",
        filled(Name="Ann Lee", Email="ann@acme.test", Company="Acme"),
        {"name": "Ann Lee", "email": "ann@acme.test", "company": "Acme"},
    ),
    (
        "n8n_form",
        filled(**{"Nom": "Petit", "Prénom": "Zoé", "Courriel": "zoe@petit.example"}),
        {"last_name": "Petit", "first_name": "Zoé", "email": "zoe@petit.example"},
    ),
    (
        "n8n_form",
        filled(**{"氏名": "田中健二", "メールアドレス": "kenji@tanaka.example"}),
        {"name": "田中健二", "email": "kenji@tanaka.example"},
    ),
    (
        "n8n_form",
        filled(
            **{
                "Imię i nazwisko": "Ola Nowak",
                "Adres e-mail": "ola@home.example",
                "E-mail służbowy": "ola@nowak.example",
                "Telefon": "+48 22 123 45 67",
                "Nazwa firmy": "Nowak sp. z o.o.",
            }
        ),
        {
            "name": "Ola Nowak",
            "email": "ola@home.example",
            "other_email": "ola@nowak.example",
            "phone": "+48 22 123 45 67",
            "company": "Nowak sp. z o.o.",
        },
    ),
    (
        "google_ads",
        {
            "lead_id": "7",
            "user_column_data": [
                {"column_name": "Full Name", "string_value": "Mia Krug"},
                {"column_name": "User Email", "string_value": "mia@krug.example"},
                {"column_name": "User Phone", "string_value": "+49 30 901820"},
                {"column_name": "Wie heißt Ihre Firma?", "string_value": "Krug GmbH"},
            ],
        },
        {
            "name": "Mia Krug",
            "email": "mia@krug.example",
            "phone": "+49 30 901820",
            "company": "Krug GmbH",
        },
    ),
    (
        "meta",
        graph(
            ("nom_complet", "Zoé Petit"),
            ("adresse_e-mail", "zoe@petit.example"),
            ("numéro_de_téléphone", "+33145678901"),
            ("nom_de_l’entreprise", "Petit SARL"),
        ),
        {
            "name": "Zoé Petit",
            "email": "zoe@petit.example",
            "phone": "+33145678901",
            "company": "Petit SARL",
        },
    ),
    (
        "meta",
        graph(
            ("nombre_completo", "Leo Ríos"),
            ("correo_electrónico", "leo@rios.example"),
            ("número_de_teléfono", "+34912345678"),
            ("¿cuándo_podemos_llamarte?", "por la tarde"),
        ),
        {"name": "Leo Ríos", "email": "leo@rios.example", "phone": "+34912345678"},
    ),
    (
        "hubspot",
        {
            "vid": 8,
            "properties": {
                "email": {"value": "bo@lind.example"},
                "hs_additional_emails": {"value": "bo@home.example"},
                "owneremail": {"value": "seller@vendor.example"},
                "ownername": {"value": "Sam Seller"},
                "firstname": {"value": "Bo"},
                "lastname": {"value": "Lind"},
                "jobtitle": {"value": "VD"},
                "website": {"value": "lind.example"},
                "organisationsnummer": {"value": "556016-0680"},
            },
        },
        {
            "email": "bo@lind.example",
            "other_email": "bo@home.example",
            "first_name": "Bo",
            "last_name": "Lind",
            "job_title": "VD",
            "website": "lind.example",
        },
    ),
    ("n8n_webhook", envelope(GOOGLE), ANN_LEE),
    ("n8n_webhook", [{"json": envelope(N8N)}], ANN_LEE),
    (
        "n8n_webhook",
        envelope({"Vorname": "Jörg", "Nachname": "Weiß", "E-Mail": "joerg@weiss.example"}),
        {"first_name": "Jörg", "last_name": "Weiß", "email": "joerg@weiss.example"},
    ),
]


@pytest.mark.parametrize(("name", "payload", "lead"), LEADS)
def test_a_post_becomes_the_right_lead(name, payload, lead):
    raw = json.dumps(payload).encode()
    post = Post(headers={"content-type": "application/json"}, raw=raw)
    sender = detected(post, None)

    (sent,) = sender.items(post.payload)
    found = understood(sent, {}, sender.name)

    assert sender.name == name
    assert found.fields == lead
