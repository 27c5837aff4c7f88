import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize import filler

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("local", "label"),
    [
        ("test", "test"),
        ("noemail", "acme"),
        ("no.email", "gmail"),
        ("a", "a"),
        ("xxx", "xxx"),
        ("na", "na"),
        ("123", "123"),
        ("no-reply", "acme"),
        ("NoMail", "nomail"),
    ],
)
def test_a_mailbox_made_up_for_the_form_is_a_filler(local, label):
    assert filler.mailbox(local, label, provider=False)


@pytest.mark.parametrize(
    ("local", "label"),
    [
        ("rossi", "rossi"),
        ("test", "acme"),
        ("na", "acme"),
        ("info", "info"),
        ("hp", "hp"),
        ("anna.test", "acme"),
    ],
)
def test_a_mailbox_that_somebody_may_read_is_none(local, label):
    assert not filler.mailbox(local, label, provider=False)


def test_a_providers_own_name_is_nobodys_mailbox_there():
    assert filler.mailbox("gmail", "gmail", provider=True)


@pytest.mark.parametrize("text", ["n/a", "N.A.", "none", "-", "...", "keine Angabe", "ninguno", ""])
def test_no_answer_is_absent(text):
    assert filler.absent(text)


@pytest.mark.parametrize("text", ["Na Li", "Jennifer Null", "Ofer Bar", "Sarah Test", "Na"])
def test_a_name_that_holds_a_fillers_word_is_not_absent(text):
    assert not filler.absent(text)


@pytest.mark.parametrize("text", ["Test Test", "asdf", "foo bar", "N/A"])
def test_a_name_of_fillers_alone_is_no_name(text):
    assert filler.no_name(text)


@pytest.mark.parametrize("text", ["self-employed", "Selbstständig", "Student", "privat", "n/a"])
def test_what_is_no_employer_is_no_company(text):
    assert filler.no_company(text)


@pytest.mark.parametrize("text", ["Student Loans Ltd", "Private Bank", "None More Black"])
def test_a_company_that_holds_such_a_word_is_one(text):
    assert not filler.no_company(text)


@pytest.mark.parametrize("text", ["Test User", "test2", "Test Corp", "Dummy Company Inc"])
def test_fillers_and_what_goes_with_them_are_made_up(text):
    assert filler.made_up(text)


@pytest.mark.parametrize("text", ["", "ABC News", "Company", "Jennifer Null", "Foo Fighters"])
def test_anything_else_is_not_made_up(text):
    assert not filler.made_up(text)


@given(anything, anything, st.booleans())
@settings(deadline=None)
def test_no_text_raises(a, b, provider):
    filler.mailbox(a, b, provider)
    for told in (filler.absent, filler.no_name, filler.no_company, filler.made_up):
        assert told(a) in (True, False)
