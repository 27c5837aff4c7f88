"""Providers that need no page: the mail domain by our own DNS, mailbox and number by rules."""

import pytest

from services.enrichment.providers.mail_domain import MailDomain
from services.enrichment.providers.mailbox import Mailbox
from services.enrichment.providers.phone import PhoneNumber
from services.enrichment.providers.provider import NotApplicable, ProviderUnavailable
from tests.services.enrichment.conftest import asked, found

NAME = "corp.example"


def google(dns_server, name=NAME):
    dns_server.say(name, "MX", "5 alt1.aspmx.l.google.com.", "1 aspmx.l.google.com.")
    dns_server.say(name, "TXT", '"v=spf1 include:_spf.google.com -all"', '"other"')
    dns_server.say(f"_dmarc.{name}", "TXT", '"v=DMARC1; p=reject"')
    dns_server.say(f"google._domainkey.{name}", "TXT", '"v=DKIM1; p=MIGf"')


def test_a_mail_domain_tells_who_handles_its_mail_and_how_it_is_guarded(dns_server, reach):
    google(dns_server)

    assert found(MailDomain(), reach, email="ann@corp.example") == {
        "mail_domain": NAME,
        "domain_exists": "true",
        "mail_accepted": "true",
        "mail_server": ["aspmx.l.google.com", "alt1.aspmx.l.google.com"],
        "mail_provider": "Google Workspace",
        "spf": "fail",
        "dmarc": "reject",
        "dkim": "true",
        "domain_age": "not known",
    }


def test_what_the_dns_says_is_found_with_the_address_of_its_record(dns_server, reach):
    google(dns_server)

    by_field = {one.field: one for one in MailDomain().find(asked(email=f"a@{NAME}"), reach)}

    assert by_field["dmarc"].source_url == "dns:_dmarc.corp.example?type=TXT"
    assert by_field["mail_provider"].source_url == "dns:corp.example?type=MX"
    assert not any(one.personal for one in by_field.values())


def test_a_domain_that_does_not_exist_is_a_finding(reach):
    assert found(MailDomain(), reach, email="ann@nowhere.example") == {"domain_exists": "false"}


@pytest.mark.parametrize("fault", ["silence", "servfail", "lie"])
def test_a_dns_that_fails_is_unavailable_and_no_finding(dns_server, reach, fault):
    dns_server.err(NAME, fault)

    with pytest.raises(ProviderUnavailable):
        MailDomain().find(asked(email="ann@corp.example"), reach)


def test_a_null_mx_takes_no_mail(dns_server, reach):
    dns_server.say(NAME, "MX", "0 .")

    said = found(MailDomain(), reach, email="ann@corp.example")

    assert said["mail_accepted"] == "false"
    assert "mail_server" not in said


def test_a_host_without_mx_takes_mail_itself(dns_server, reach):
    dns_server.say(NAME, "AAAA", "2001:db8::1")

    assert found(MailDomain(), reach, email="ann@corp.example")["mail_accepted"] == "true"


def test_a_name_without_mx_and_address_takes_none(dns_server, reach):
    dns_server.say(NAME, "TXT", '"parked"')

    assert found(MailDomain(), reach, email="ann@corp.example")["mail_accepted"] == "false"


def test_the_domain_of_another_script_is_asked_for_in_ascii(dns_server, reach):
    dns_server.say("xn--mller-kva.example", "MX", "10 mx.corp.example.")

    said = found(MailDomain(), reach, email="ann@müller.example")

    assert said["mail_domain"] == "xn--mller-kva.example"
    assert said["mail_accepted"] == "true"


def test_below_a_guarded_domain_its_word_for_subdomains_counts(dns_server, reach):
    dns_server.say("mail.corp.example", "MX", "10 mx.corp.example.")
    dns_server.say("_dmarc.corp.example", "TXT", '"v=DMARC1; p=reject; sp=quarantine"')

    assert found(MailDomain(), reach, email="ann@mail.corp.example")["dmarc"] == "quarantine"


def test_an_absent_dkim_key_says_nothing(dns_server, reach):
    google(dns_server)
    dns_server.records.pop("google._domainkey.corp.example.")

    assert "dkim" not in found(MailDomain(), reach, email="ann@corp.example")


def test_without_an_address_the_domain_of_the_site_is_asked_about(dns_server, reach):
    google(dns_server)

    said = found(MailDomain(), reach, website="https://www.corp.example/about")

    assert said["mail_domain"] == NAME


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"email": "nobody"},
        {"website": "http://192.0.2.1/"},
        {"website": "http://[::1"},
        {"email": "root@printer.local"},
        {"email": "ann@db.internal"},
        {"email": "ann@x.onion"},
    ],
)
def test_no_domain_of_the_public_dns_is_nothing_to_ask_about(dns_server, reach, said):
    with pytest.raises(NotApplicable):
        MailDomain().find(asked(**said), reach)

    assert dns_server.asked == []


@pytest.mark.parametrize(
    ("email", "true"),
    [
        ("ann@corp.example", set()),
        ("info@corp.example", {"mailbox_role"}),
        ("ann@gmail.com", {"mailbox_free"}),
        ("ann+news@corp.example", {"mailbox_tagged"}),
        ("ann@mailinator.com", {"mailbox_disposable"}),
        ("ann@müller.example", set()),
    ],
)
def test_a_mailbox_tells_what_kind_it_is(reach, email, true):
    said = found(Mailbox(), reach, email=email)

    assert {field for field, value in said.items() if value == "true"} == true


def test_a_mistyped_provider_is_named(reach):
    assert found(Mailbox(), reach, email="ann@gmial.com")["domain_meant"] == "gmail.com"


def test_a_mailbox_finding_repeats_no_tag(reach):
    findings = Mailbox().find(asked(email="ann+secretword@corp.example"), reach)

    assert not any("secretword" in f"{one.value}{one.note}" for one in findings)


@pytest.mark.parametrize("provider", [Mailbox(), PhoneNumber()])
@pytest.mark.parametrize("text", ["", "-", "nobody", "@@@"])
def test_what_cannot_be_read_is_nothing_to_ask_about(reach, provider, text):
    with pytest.raises(NotApplicable):
        provider.find(asked(email=text, phone=text, country="DE"), reach)


def test_a_number_of_a_town_tells_place_and_zone(reach):
    said = found(PhoneNumber(), reach, phone="+44 20 7946 0958")

    assert (said["phone_region"], said["phone_place"]) == ("GB", "London")
    assert (said["phone_line_type"], said["phone_time_zone"]) == ("fixed_line", "Europe/London")


def test_a_mobile_tells_to_whom_its_range_was_given(reach):
    said = found(PhoneNumber(), reach, phone="0151 23056789", country="Germany")

    assert (said["phone_region"], said["phone_line_type"]) == ("DE", "mobile")
    assert said["phone_carrier"]


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("1-800-FLOWERS", "toll_free"),
        ("+44 56 0012 3456", "voip"),
        ("+1 212 736 5000", "fixed_line_or_mobile"),
    ],
)
def test_the_kind_of_line_is_told(reach, number, line):
    assert found(PhoneNumber(), reach, phone=number)["phone_line_type"] == line


def test_a_vanity_number_is_read_by_the_keypad(reach):
    said = found(PhoneNumber(), reach, phone="1-800-FLOWERS")

    assert (said["phone_vanity"], said["phone_region"]) == ("true", "US")


def test_of_a_number_that_cannot_ring_only_that_is_said(reach):
    assert found(PhoneNumber(), reach, phone="+1-000-000-0000") == {
        "phone_valid": "false",
        "phone_placeholder": "true",
    }
