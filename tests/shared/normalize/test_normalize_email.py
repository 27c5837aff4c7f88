import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize import email

anything = st.text(st.characters(exclude_categories=()))
addresses = st.from_regex(
    r"[A-Za-z0-9.+_-]{1,12}@(gmail\.com|yahoo\.de|ya\.ru|pm\.me|acme\.io)", fullmatch=True
)


def parsed(text):
    found = email.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John.Doe+news@GoogleMail.com", "johndoe@gmail.com"),
        ("mailto:ada@example.org?subject=x", "ADA@EXAMPLE.ORG"),
        ("Ada Lovelace <ada@example.org>", "'ada@example.org'"),
        ("ada+x@outlook.com", "ada@outlook.com"),
        ("ada@protonmail.com", "ada@pm.me"),
        ("ada@me.com", "ada@icloud.com"),
        ("ada-shop@yahoo.co.uk", "ada@yahoo.co.uk"),
        ("a.b@ya.ru", "a-b@yandex.com"),
        ("bob@Müller.de", "bob@xn--mller-kva.de"),
        ("ada＠example．org", "ada@example.org"),
        ("ada @ example.org ", "ada@example.org."),
    ],
)
def test_spellings_of_one_mailbox_are_one(one, other):
    assert parsed(one).canonical == parsed(other).canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.b@outlook.com", "adab@outlook.com"),
        ("ada-b@example.org", "ada@example.org"),
        ("ada@outlook.com", "ada@hotmail.com"),
    ],
)
def test_different_mailboxes_stay_different(one, other):
    assert parsed(one).canonical != parsed(other).canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@x.org",
        "a@b",
        "a..b@x.org",
        "a b@x.org",
        "a@[1.2.3.4]",
        "a@x.123",
        "a@-x.org",
    ],
)
def test_what_is_no_address_is_none(text):
    assert email.parse(text) is None


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "aol.com",
        "yahoo.fr",
        "hotmail.de",
        "outlook.es",
        "aol.de",
        "gmx.at",
        "qq.com",
        "naver.com",
        "mail.ru",
        "seznam.cz",
        "wp.pl",
        "libero.it",
        "orange.fr",
        "uol.com.br",
        "yahoo.com.sg",
    ],
)
def test_a_private_mailbox_says_nothing_of_an_organisation(domain):
    found = parsed(f"ada@{domain}")
    assert found.personal and not found.disposable and found.organisation is None


@pytest.mark.parametrize(
    "domain", ["tempmail.com", "mailinator.com", "x.mailinator.com", "10minutemail.com"]
)
def test_throwaway_domains_are_disposable_and_not_personal(domain):
    found = parsed(f"ada@{domain}")
    assert found.disposable and not found.personal


@pytest.mark.parametrize(
    "domain",
    [
        "duck.com",
        "mozmail.com",
        "simplelogin.com",
        "x.anonaddy.com",
        "privaterelay.appleid.com",
        "passmail.net",
    ],
)
def test_a_privacy_relay_is_never_disposable(domain):
    found = parsed(f"ada@{domain}")
    assert found.relay and not found.disposable and not found.personal


@pytest.mark.parametrize(
    ("address", "organisation"),
    [
        ("a@mail.acme.co.uk", "acme.co.uk"),
        ("a@acme.com", "acme.com"),
        ("a@joe.github.io", "joe.github.io"),
        ("a@sub.firma.com.br", "firma.com.br"),
    ],
)
def test_the_organisation_is_the_registrable_domain(address, organisation):
    assert parsed(address).organisation == organisation


@pytest.mark.parametrize(
    "local",
    [
        "info",
        "sales",
        "Kontakt",
        "büro",
        "ventas",
        "contato",
        "accueil",
        "ufficio",
        "verkoop",
        "biuro",
        "no-reply",
        "uk-sales",
        "info2",
        "j.office",
        "sales.emea",
        "office.smith",
        "support_team",
    ],
)
def test_role_inboxes_are_known_in_many_languages(local):
    assert parsed(f"{local}@acme.com").role


@pytest.mark.parametrize("local", ["ada", "ana.sales", "maria.post", "informatica", "adminah"])
def test_persons_are_no_role(local):
    assert parsed(f"{local}@acme.com").role is False


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("gmx.con", "gmx.com"),
    ],
)
def test_a_slip_names_the_provider_that_was_meant(domain, meant):
    assert email.typo_domain(domain) == meant


@pytest.mark.parametrize(
    "domain",
    ["ymail.com", "mail.com", "gmx.de", "email.com", "acme.com", "gmail.com", "love.com", ""],
)
def test_a_real_domain_is_no_slip(domain):
    assert email.typo_domain(domain) is None


@given(anything)
@settings(deadline=None)
def test_no_text_raises(text):
    email.parse(text)
    email.parse(f"{text}@{text}.com")
    email.typo_domain(text)


@given(addresses)
@settings(deadline=None)
def test_parsing_is_idempotent(text):
    found = email.parse(text)
    if found:
        assert email.parse(found.address) == found
        assert parsed(found.canonical).canonical == found.canonical


@pytest.mark.parametrize("unit", ["a", "@", "<", "a@", ".", "é", "a@b.", "\ud800"])
def test_long_input_is_cut(unit):
    found = email.parse(unit * 100_000)
    assert found is None or len(found.canonical) <= 254


@pytest.mark.parametrize("text", ["hr.singh@acme.com", "it.smith@acme.com", "ada+news@acme.com"])
def test_initials_and_tags_are_no_role(text):
    assert not parsed(text).role


@pytest.mark.parametrize("text", ["hr@acme.com", "it-support@acme.com", "info+uk@acme.com"])
def test_a_function_is_a_role(text):
    assert parsed(text).role


def test_a_mailbox_made_up_for_the_form_is_told():
    assert parsed("test@test.com").filler and not parsed("rossi@rossi.it").filler


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ann@web.d", "ann@web.de"),
        ("Ann@GmailCom", "ann@gmail.com"),
        ("ann@nowhere", None),
        ("gmailcom", None),
        ("", None),
        ("ann.lee@o2,pl", "ann.lee@o2.pl"),
        ("ann.lee (at) example.org", "ann.lee@example.org"),
        ("ann [at] example [dot] org", "ann@example.org"),
        ("meet me at example dot org", None),
        ("ann@firm.co.u", "ann@firm.co"),
    ],
)
def test_a_malformed_address_is_repaired(text, meant):
    found = email.repaired(text)
    assert (found and found.canonical) == meant
