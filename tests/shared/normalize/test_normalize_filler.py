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


@pytest.mark.parametrize(
    "text",
    [
        *("-", "--", "—", "?", "...", "n/a", "N/A", "-None-", "(none)", "null", "undefined"),
        *("#N/A", "#REF!", "#WERT!", "#¿NOMBRE?", "########", "NaN", "<NA>", "[object Object]"),
        *("{{name}}", "{{ $json.x }}", "={{ $json.body.name }}", "{{first}} {{last}}", "${x}"),
        *(
            "%NAME%",
            "*|FNAME|*",
            "{first_name}",
            "<%= name %>",
            "keine Angabe",
            "undefined undefined",
        ),
    ],
)
@pytest.mark.parametrize("field", ["name", "first_name", "company", "email", "phone", "message"])
def test_what_stands_for_nothing_says_nothing_in_any_field(field, text):
    assert filler.given({field: text}) == {}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(("last_name", name) for name in ("Null", "None", "Na", "N", "No", "Nan", "Kein", "李")),
        *(("first_name", name) for name in ("Nil", "Nan", "N.A.", "Na", "Ng", "O", "🌹")),
        *(("name", name) for name in ("Na", "Jennifer Null", "No", "Nan Null", "N", "Chin Foo")),
        *(("company", name) for name in ("None More Black", "Nan", "#1 Plumbing", "[solidcore]")),
        *(("company", name) for name in ("1&1", "360", "Null & Sons", "%100", "C#")),
        *(("country", "NA"), ("state", "NA"), ("phone", "+49 30 901850"), ("phone", "(0)")),
        *(
            ("message", "No"),
            ("message", "Dear {{name}}, we need a loan"),
            ("email", "n@a.example"),
        ),
    ],
)
def test_what_may_be_meant_is_kept_as_it_is(field, text):
    assert filler.given({field: text}) == {field: text}


def test_a_last_name_is_nothing_only_where_the_first_is_nothing_too():
    assert filler.given({"first_name": "None", "last_name": "None"}) == {}
    assert filler.given({"first_name": "Jo", "last_name": "None"}) == {
        "first_name": "Jo",
        "last_name": "None",
    }


@given(st.dictionaries(st.sampled_from(["name", "first_name", "last_name", "phone"]), anything))
@settings(deadline=None)
def test_what_is_given_is_given_again_and_unchanged(fields):
    given = filler.given(fields)

    assert filler.given(given) == given
    assert given.items() <= fields.items()


@given(anything, anything, st.booleans())
@settings(deadline=None)
def test_no_text_raises(a, b, provider):
    filler.mailbox(a, b, provider)
    for told in (filler.absent, filler.no_name, filler.no_company, filler.made_up):
        assert told(a) in (True, False)
