"""Six pages as people build them, and what is read of each."""

from pathlib import Path

import pytest

from shared.pages.page import Address, ContactPoint
from shared.pages.parsing.content import content

GOLDEN = Path(__file__).parent / "golden"


def page(name):
    html = (GOLDEN / f"{name}.html").read_text(encoding="utf-8")
    return content(html, "https://page.example/x/")


TEXTS = {
    "german_gmbh": [
        "Treppen & Geländer nach Maß",
        "Wir bauen zurzeit eine zweite Halle in Neu-Ulm und stellen zwölf Schlosser ein.",
        "Was uns ausmacht",
        "Seit 1968 fertigen wir Balkone, Tore und Treppen.",
        "Jedes Stück wird bei uns im Haus geschweißt.",
        "Beratung vor Ort",
        "Statik inklusive",
        "Schreiben Sie uns",
    ],
    "french_pme": [
        "Boulangerie Lenoir",
        "Depuis 1987, place des Tapis.",
        "Nous ouvrons une troisième boutique à Villeurbanne au printemps et cherchons un "
        "financement pour le four.",
        "Nos pains partent chaque matin vers quarante restaurants. La farine vient d’un moulin à "
        "vingt kilomètres, le levain est nourri deux fois par jour, et rien ne reste du soir au "
        "matin.",
        "12 place des Tapis, 69004 Lyon, FR",
        "Tél. 04 78 00 12 34",
    ],
    "brazilian_shop": [
        "Móveis de madeira maciça",
        "As vendas dobraram neste ano e agora entregamos em todo o Sudeste.",
        "Produto Preço",
        "Mesa Ipê R$ 1.890",
        "Precisamos de capital de giro para comprar madeira antes do Natal. Parceiros financeiros "
        "são bem-vindos: fale com a gente pelo telefone ou pelo WhatsApp.",
        "Receba o guia de cuidados",
    ],
    "us_lender": [
        "Need capital? We lend in 24 hours.",
        "We offer term loans and lines of credit to owners of small businesses in all fifty "
        "states.",
        "Apply now",
    ],
    "jsonld_graph": [
        "Abrimos delegación en Lisboa",
        "Por el equipo de prensa",
        "Grupo Alameda inaugura en mayo su primera oficina fuera de España y contratará a veinte "
        "personas.",
        "Un año de crecimiento",
        "La facturación subió un 40 % y la plantilla ya suma noventa empleados, por lo que el "
        "grupo prepara una ronda de financiación.",
    ],
    "no_semantics": [
        "Welcome to Joe's Machine Shop",
        "We are three months behind on the rent and the bank has frozen our account.",
        "Orders are welcome. Mail joe@machineshop.example or ring (555) 010-4477.",
    ],
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_main_text_is_what_the_page_is_about(name):
    found = page(name)

    assert found.text.split("\n") == TEXTS[name]
    assert not found.truncated


@pytest.mark.parametrize(
    ("name", "title", "language", "description"),
    [
        (
            "german_gmbh",
            "Metallbau Brenner GmbH – Geländer und Treppen aus Ulm",
            "de",
            "Schlosserei in dritter Generation: Geländer, Treppen und Tore nach Maß.",
        ),
        (
            "french_pme",
            "Boulangerie Lenoir – artisan à Lyon",
            "fr",
            "Pain au levain, livré chaque matin aux restaurants lyonnais.",
        ),
        ("brazilian_shop", "Loja Ipê Móveis", "pt", ""),
        ("no_semantics", "Joe's Machine Shop", "", ""),
    ],
)
def test_a_page_says_what_it_is(name, title, language, description):
    found = page(name)

    assert (found.title, found.language, found.description) == (title, language, description)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("german_gmbh", ["contact"]),
        ("french_pme", ["quote", "newsletter"]),
        ("brazilian_shop", ["other", "lead_capture"]),
        ("us_lender", ["application", "other"]),
        ("jsonld_graph", []),
    ],
)
def test_forms_are_told_apart_with_a_reason(name, kinds):
    found = page(name).forms

    assert [form.kind for form in found] == kinds
    assert all(form.reason for form in found)


@pytest.mark.parametrize(
    ("name", "emails", "phones"),
    [
        ("german_gmbh", ["info@brenner-metallbau.example"], ["0731 / 55 01 23-0"]),
        ("french_pme", [], ["04 78 00 12 34"]),
        ("brazilian_shop", ["contato@lojaipe.example"], ["(11) 3456-7890"]),
        ("us_lender", [], ["555-010-2000"]),
        ("no_semantics", ["joe@machineshop.example"], ["(555) 010-4477"]),
    ],
)
def test_contacts_are_as_published(name, emails, phones):
    found = page(name).contacts

    assert (list(found.emails), list(found.phones)) == (emails, phones)


@pytest.mark.parametrize(
    ("name", "platforms"),
    [
        ("german_gmbh", ["xing"]),  # and no button to share it
        ("brazilian_shop", ["whatsapp", "instagram"]),
        ("jsonld_graph", ["linkedin", "x"]),
    ],
)
def test_presences_elsewhere_are_found(name, platforms):
    assert [social.platform for social in page(name).socials] == platforms


def test_a_graph_is_put_together_by_its_ids():
    (found,) = page("jsonld_graph").organisations

    assert (found.name, found.url) == ("Grupo Alameda S.L.", "https://alameda.example/")
    assert found.address == Address("Calle Mayor 1", "Sevilla", country="España")
    assert found.contact_points == (
        ContactPoint("ventas", phone="+34 955 000 111"),
        ContactPoint("soporte", email="ayuda@alameda.example"),
    )


def test_microdata_is_read_as_json_ld_is():
    (found,) = page("french_pme").organisations

    assert found.name == "Boulangerie Lenoir"
    assert found.address == Address("12 place des Tapis", "Lyon", "", "69004", "FR")
    assert found.contact_points == (ContactPoint(phone="04 78 00 12 34"),)


def test_a_kind_of_business_that_is_not_listed_is_known_by_what_it_has():
    (found,) = page("us_lender").organisations

    assert (found.name, found.url) == ("Harbor Point Capital", "https://page.example/")
    assert found.address.postal_code == "04101"


def test_a_person_of_a_graph_is_no_organisation():
    assert "Romero" not in str(page("jsonld_graph"))
