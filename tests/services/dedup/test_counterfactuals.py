"""What would change a decision does, whatever the field says instead and whoever else is known."""

import pytest

from services.dedup import counterfactual
from services.dedup.blocking import keys
from services.dedup.record import read
from services.dedup.strangers import YEARS, strangers
from tests.services.dedup.flagged import ADA

NOBODYS = {
    "email": ("ottoline@vanterpool.example", "q.vanterpool@fernhill.example"),
    "other_email": ("otto@vanterpool.example",),
    "phone": ("+376 712 345", "+376 312 345", "+49 1512 9988776", "+1 907 555 8712"),
    "other_phone": ("+376 312 346",),
    "name": ("Ottoline Vanterpool", "Zbigniew Okonkwo"),
    "company": ("Quux Brickworks", "Halvorsen Fisheries"),
    "date_of_birth": ("1931-07-19", "1999-02-03", "1988-11-23"),
    "address": ("99 Faraway Lane",),
}
"""What each field may say instead: a landline or a mobile, of one country or another, a birthday of
any generation, a firm that happens to sound like the known one."""

ROGERS = {"name": "Andrew Rogers", "company": "O'Brien Insurance Corp."}
LEBEDEV = {"company": "АО Frolov Engineering"}
OSAKA = {"phone": "09013310827", "country": "JP", "date_of_birth": "1986-06-07"}
GABRIELE = {"name": "Gabriele Wiesenbacher"}
YUMIKO = {"email": "maeda.yumiko@yahoo.co.jp", "phone": "+81 90-1888-4727"}

CASES = {
    "a number that may be a mobile": (
        [ROGERS | {"email": "andrew.rogers@obrien.example", "phone": "+1 403-631-0049",
                   "country": "CA"}],
        ROGERS | {"email": "melodypanda957@icloud.com", "phone": "4036310049", "country": "CA"},
    ),
    "a number that told the country": (
        [LEBEDEV | {"name": "Alexander Lebedev", "email": "lebedev@frolov.example",
                    "phone": "+7 301 121-51-22", "city": "Sankt-Peterburg", "country": "RU"}],
        LEBEDEV | {"name": "Александр Лебедев", "email": "office@frolov.example",
                   "phone": "+7 301 121-51-22 ext. 624"},
    ),
    "a birthday of the same generation": (
        [OSAKA | {"first_name": "葵", "last_name": "谷沢", "email": "aoitanisawa@icloud.com"}],
        OSAKA | {"name": "Aoi Tanisawa", "email": "tanisawa@kalravista.example"},
    ),
    "a number that begins alike": (
        [GABRIELE | {"phone": "01512 6568048", "country": "DE"}],
        GABRIELE | {"email": "gabriele@hofmann.example", "phone": "+49 1512 5668048"},
    ),
    "a name that the person wrote in two scripts": (
        [YUMIKO | {"name": "前田由美子"}, YUMIKO | {"name": "Maeda Yumiko"}],
        YUMIKO | {"name": "Moeda Yumiko"},
    ),
    "a throwaway address": (
        [ADA | {"email": "no@mailinator.com"}],
        {"name": "null undefined", "email": "no@mailinator.com", "company": "Analytical Engines"},
    ),
    "another lead that it would be a duplicate of": (
        [{"email": "ada@analytical.example"}, {"phone": "+44 7700 900123"}],
        {"email": "ada@analytical.example", "phone": "+44 7700 900123"},
    ),
}  # fmt: skip
"""Known leads, and one that is told what would have to differ."""

each = pytest.mark.parametrize(("known", "lead"), CASES.values(), ids=CASES)


def so_changed(lead, fields):
    """Yield *lead* with other values in *fields*, several ways."""
    for number in range(max(len(NOBODYS[field]) for field in fields)):
        said = {field: NOBODYS[field][number % len(NOBODYS[field])] for field in fields}
        if "address" in said:
            said |= {"street": said.pop("address"), "city": "Xanaduville", "postal_code": "ZZ9 9ZZ"}
        yield lead | said


@each
def test_what_follows_if_a_field_differed_follows_whatever_it_says_instead(
    post, explained, known, lead
):
    for one in known:
        post(**one)
    change = explained(**lead)["match_details"]["counterfactual"]
    assert (change["change"], explained(**lead)["action_taken"]) == ("differs", "reject_duplicate")

    for changed in so_changed(lead, change["fields"]):
        then = explained(**changed)

        assert then["action_taken"] == change["action_taken"], changed
        assert then["confidence_score"] <= change["match_probability"] + 1e-6, changed


def test_a_probability_that_depends_on_the_value_is_told_as_a_bound(post, explained):
    post(**ADA)

    change = explained(**ADA)["match_details"]["counterfactual"]

    assert change["fields"] == ["email", "phone"]
    assert f"{change['match_probability']:.2f} at most, " in change["explanation"]


def test_people_beyond_those_who_are_read_are_counted_for_what_would_differ_too(
    post, explained, user_id
):
    # Four people share the number; the fifty newest leads that give it are of one of them.
    line = {"phone": "+49 30 23125014"}
    for name in ("Birgit Czerny", "Emre Dvorak", "Goran Eichhorn"):
        post(name=name, email=f"{name.split()[0]}@{name.split()[1]}.example", **line)
    for _ in range(50):
        post(name="Anton Bozkurt", email="anton@bozkurt.example", **line)
    lead = line | {"email": "anton@bozkurt.example"}

    change = explained(**lead)["match_details"]["counterfactual"]

    assert change["fields"] == ["email"]
    for changed in so_changed(lead, change["fields"]):
        assert explained(**changed)["action_taken"] == change["action_taken"], changed


def test_where_the_known_lead_gives_no_name_none_is_told_to_be_taken_over():
    # Its person's name is known by another lead; the one that is shown does not say it.
    own = read({"name": "Grace Hopper", "phone": "+44 7700 900456"}).record
    said = own._replace(given="", family="")
    known = read({"name": "Ada Lovelace", "phone": "+44 7700 900456"}).record

    def judge(record, **options):
        return (0.9, "reject") if record.given == "ada" else (0.1, "allow")

    now = 0.1, "allow"
    assert counterfactual.nearest(own, [known], {"phone"}, now, judge).fields == ("name",)
    assert counterfactual.nearest(own, [known], {"phone"}, now, judge, said) is None


def test_what_leads_to_others_who_may_be_likelier_is_told_only_if_nothing_is_above_it():
    # Whoever else has that name and that birthday was not read.
    own = read({"name": "Ada Lovelace", "email": "ada@one.example"}).record
    known = own._replace(email="ada@two.example", mailbox="ada@two.example", born="1815-12-10")

    def judge(above):
        def judged(record, likelier=False, **options):
            flagged = "reject" if likelier else above
            return (0.7, flagged) if record.born else (0.1, "allow")

        return judged

    def told(above):
        return counterfactual.nearest(own, [known], {"name"}, (0.1, "allow"), judge(above))

    assert told("flag") is None
    assert told("reject").fields == ("date_of_birth",)


def test_a_stranger_shares_no_value_with_anybody():
    own = read(ADA | {"city": "London", "postal_code": "SW1A 1AA", "company": "Engines Ltd"}).record

    for field, cases in strangers(own, abroad=True).items():
        if field in ("other_email", "other_phone"):
            continue
        for case in cases:
            other = own._replace(**case)
            assert other != own, field
            assert ("email", own.mailbox) not in keys(other) or field != "email"


@pytest.mark.parametrize("born", ["1986-06-07", "2001-12-31", "1950-01-01", ""])
def test_a_contemporary_has_another_day_month_and_year(born):
    _, case = strangers(read({"date_of_birth": born}).record)["date_of_birth"]
    year, month, day = case["born"].split("-")

    if born:
        assert int(year) == int(born[:4]) + YEARS
        assert month != born[5:7] and day != born[8:]
