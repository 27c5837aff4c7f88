"""What a row says that nobody's records say yet, and what it says otherwise."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.imports.differing import Said, contradicted, news
from services.dedup.record import read

FIELDS = {
    "first_name": ["Robert", "Bob", "Ada"],
    "last_name": ["Miller", "Lovelace"],
    "email": ["bob@firm.example", "BOB@firm.example", "ada@firm.example"],
    "phone": ["+1 212 555 0123", "(212) 555-0123", "+1 312 555 0188"],
    "company": ["Firm Inc", "Firm", "Analytical Engines"],
    "city": ["London", "london"],
    "date_of_birth": ["1990-05-01", "1991-05-01"],
    "website": ["firm.example", "FIRM.example"],
}

leads = st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in FIELDS.items()})


def said(**fields):
    return Said(read(fields).record, fields)


BOB = said(
    first_name="Robert", last_name="Miller", email="bob@firm.example", phone="+1 212 555 0123"
)


@given(leads, st.lists(leads, max_size=3))
@settings(deadline=None)
def test_a_lead_says_nothing_new_beside_itself(own, others):
    lead = said(**own)

    assert news(lead, [*(said(**each) for each in others), lead]) == ()
    assert contradicted(lead.record, [lead.record]) == ()


@given(leads, st.lists(leads, max_size=3))
@settings(deadline=None)
def test_only_what_a_row_says_is_news(own, others):
    lead = said(**own)

    found = news(lead, [said(**each) for each in others])

    assert set(found) <= {"name" if field.endswith("_name") else field for field in own}


def test_nicknames_and_other_spellings_are_no_news():
    assert news(said(first_name="Bob", last_name="Miller", phone="(212) 555-0123"), [BOB]) == ()


def test_a_company_without_its_legal_form_is_the_same():
    assert news(said(company="Firm"), [said(company="Firm Inc")]) == ()


def test_a_second_number_is_news():
    assert news(said(phone="+1 312 555 0188"), [BOB]) == ("phone",)


def test_a_date_of_birth_has_one_truth():
    known = read({"date_of_birth": "1990-05-01"}).record

    assert contradicted(read({"date_of_birth": "1991-05-01"}).record, [known]) == ("date_of_birth",)
    assert contradicted(read({}).record, [known]) == ()


def test_one_record_that_agrees_is_enough():
    ann, zoe = read({"name": "Ann Miller"}).record, read({"name": "Zoe Jones"}).record

    assert contradicted(zoe, [ann]) == ("name",)
    assert contradicted(zoe, [ann, zoe]) == ()
