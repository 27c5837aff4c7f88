"""What addresses and searches are about: whole words, in five languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.behaviour_words import STAGES, of_address, of_text, page, read
from services.signals.kinds import KINDS


@pytest.mark.parametrize(
    "url",
    [
        "/corporate-strategy/generated",
        "https://acme.example/corporate-strategy/generated",
        "/separate/accelerated-moderate",
        "/sloane-square",
        "/reloaned",
        "/kreditorenbuchhaltung",
        "/growing-tomatoes",
        "/expansion-joints",
        "/about",
        "https://bestloans.example/about",
        "https://www.loans.example/team",
        "",
    ],
)
def test_parts_of_words_and_brands_tell_nothing(url):
    assert of_address(url).types == frozenset()


@pytest.mark.parametrize(
    ("url", "type_", "stage"),
    [
        ("/loans/rates", "loan_need", "rates"),
        ("https://bank.example/en/loans/rates.html?ref=7", "loan_need", "rates"),
        ("/LoanRates", "loan_need", "rates"),
        ("/business_loans/apply", "loan_need", "application"),
        ("/rates", "loan_need", "rates"),
        ("/#/loans/calculator", "loan_need", "calculator"),
        ("/suche?q=working+capital", "loan_need", "topic"),
        ("loans.bank.example/apply", "loan_need", "application"),
        ("/debt%2Drelief", "financial_distress", "topic"),
        ("/gesch%C3%A4ftskredit", "loan_need", "topic"),
        ("/geschaeftskredit/beantragen", "loan_need", "application"),
        ("/kreditrechner", "loan_need", "calculator"),
        ("/unternehmensberatung/termin-vereinbaren", "consulting_need", "application"),
        ("/insolvenzberatung", "financial_distress", "topic"),
        ("/zweite-filiale", "expansion", "topic"),
        ("/prestamos/solicitar", "loan_need", "application"),
        ("/consultoria", "consulting_need", "topic"),
        ("/concurso-de-acreedores", "financial_distress", "topic"),
        ("/pret-professionnel/simulateur", "loan_need", "calculator"),
        ("/redressement-judiciaire", "financial_distress", "topic"),
        ("/emprestimos/simulador", "loan_need", "calculator"),
        ("/recuperacao-judicial", "financial_distress", "topic"),
        ("/capital-de-trabajo", "loan_need", "topic"),
        ("/growth-capital", "growth", "topic"),
        ("/commercial-property", "expansion", "topic"),
    ],
)
def test_whole_words_tell_the_need_and_the_stage(url, type_, stage):
    about = of_address(url)

    assert type_ in about.types
    assert about.stage == stage


def test_a_blog_post_about_applying_is_an_article():
    assert of_address("/blog/how-to-apply-for-a-loan").stage == "article"


@pytest.mark.parametrize(
    "url",
    [
        "/careers/loan-officer",
        "https://careers.bank.example/loans",
        "/karriere/kreditberater",
        "/legal",
        "/privacy-policy/loans",
        "/loans/login",
    ],
)
def test_careers_law_and_logins_are_nobodys_need(url):
    assert of_address(url).nobody


def test_a_search_is_about_what_its_words_say():
    assert of_text("Darlehen für Maschinen").types == {"loan_need"}
    assert of_text("loan officer jobs").nobody
    assert of_text("corporate rate generator").types == frozenset()


def test_a_quoted_page_has_no_query_and_no_host():
    assert page("https://bank.example/loans?email=ada@analytical.example#x") == "/loans"


@pytest.mark.parametrize("url", ["http://[bad", "//", "%", "%FF%FE", "a" * 100_000, "?" * 5000])
def test_an_address_that_is_none_is_read_too(url):
    assert of_address(url).types == frozenset()


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read(text):
    for about in (of_address(text), of_text(text)):
        assert about.types <= KINDS.keys()
        assert about.stage is None or about.stage in STAGES
    assert isinstance(page(text), str)


def test_a_name_that_is_none_of_ours_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        read("nonsense\ten\tword")
