"""What a form asks of money comes out as the lead said it."""

import pytest

from services.dedup.intake.sent import Answer, Sent
from services.dedup.intake.understanding import understood

BY_LABEL = [
    ("loan_amount", "Loan amount"),
    ("loan_amount", "How much do you need?"),
    ("loan_amount", "loanAmount"),
    ("loan_amount", "Gewünschter Kreditbetrag"),
    ("loan_amount", "Montant demandé"),
    ("loan_amount", "Monto solicitado"),
    ("revenue", "What is your annual revenue?"),
    ("revenue", "Jahresumsatz"),
    ("revenue", "Chiffre d'affaires annuel"),
    ("revenue", "Faturamento anual"),
]


def read(label, value):
    sent = Sent((Answer("Email", "ada@analytical.example"), Answer(label, value)))
    return understood(sent, {}, "generic").fields


@pytest.mark.parametrize(("field", "label"), BY_LABEL)
def test_an_amount_is_known_by_its_label(field, label):
    assert read(label, "€45k")[field] == "€45k"


@pytest.mark.parametrize("label", ["Loan officer email", "Amount of people", "Company size"])
def test_what_is_about_something_else_is_no_amount(label):
    assert {"loan_amount", "revenue"}.isdisjoint(read(label, "45"))
