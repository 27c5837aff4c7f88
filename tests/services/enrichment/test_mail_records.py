"""What mail records say."""

import pytest

from services.enrichment import mail_records


@pytest.mark.parametrize(
    ("exchange", "name"),
    [
        ("aspmx.l.google.com", "Google Workspace"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "Google Workspace"),
        ("corp-example.mail.protection.outlook.com", "Microsoft 365"),
        ("corp-example.k-v1.mx.microsoft", "Microsoft 365"),
        ("mxa-00.gslb.pphosted.com", "Proofpoint"),
        ("mx.corp.example", None),
        ("notgoogle.com", None),
        ("google.com.evil.example", None),
        ("", None),
    ],
)
def test_who_handles_mail_is_told_by_the_end_of_a_servers_name(exchange, name):
    found = mail_records.host([exchange])

    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], None),
        (["google-site-verification=x"], None),
        (["v=spf1 include:_spf.google.com ~all"], "softfail"),
        (["V=SPF1 mx -ALL"], "fail"),
        (["v=spf1 +all"], "pass"),
        (["v=spf1 all"], "pass"),
        (["v=spf1 mx ?all"], "neutral"),
        (["v=spf1 mx"], "neutral"),
        (["v=spf1 redirect=_spf.corp.example"], "redirect"),
        (["v=spf1"], "neutral"),
        (["v=spf10 -all"], None),
        (["v=spf1 include:all.corp.example -all"], "fail"),
        (["v=spf1 -all", "v=spf1 ~all"], "invalid"),
    ],
)
def test_spf_is_read_by_its_last_word(records, said):
    assert mail_records.spf(records) == said


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], None),
        (["v=DMARC1; p=reject; rua=mailto:d@corp.example"], "reject"),
        (["v=DMARC1;p=NONE"], "none"),
        (["v=DMARC1; p=shout"], "invalid"),
        (["v=DMARC1"], "invalid"),
        (["p=reject"], None),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "invalid"),
        (["v=spf1 -all", "v=DMARC1; p=quarantine"], "quarantine"),
    ],
)
def test_dmarc_is_read_by_its_policy(records, said):
    assert mail_records.dmarc(records) == said


def test_a_parents_word_for_its_subdomains_counts_below_it():
    record = "v=DMARC1; p=reject; sp=none"

    assert mail_records.dmarc([record], of_parent=True) == "none"
    assert mail_records.dmarc(["v=DMARC1; p=reject"], of_parent=True) == "reject"


def test_a_revoked_dkim_key_is_none():
    assert mail_records.dkim(["v=DKIM1; k=rsa; p=MIGf"])
    assert not mail_records.dkim(["v=DKIM1; p="])
