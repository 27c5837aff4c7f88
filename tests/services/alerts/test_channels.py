"""Channels: an address that cannot be is refused where a receiver is made."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.channels import CHANNELS, LANES, checked
from services.alerts.channels.channel import LONGEST_WAIT, BadAddress, outcome, waiting
from services.alerts.channels.chats import failed, tamed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

LISTED = frozenset({"chat.internal:8065"})

SLACK = "https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24

TEAMS = (
    "https://prod-99.westus.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/"
    "invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu"
)

GOOD = [
    ("email", "sales@example.org"),
    ("email", "jürgen@exämple.org"),
    ("webhook", "https://crm.example.com/hooks?x=1"),
    ("webhook", "http://chat.internal:8065/hook"),
    ("n8n", "https://n8n.example.com/webhook/leadfly"),
    ("slack", SLACK),
    ("slack", "slack://xoxb-1234-1234-abc124/%23sales"),
    ("teams", TEAMS),
    ("telegram", "tgram://123456789:abcdefg_hijklmnop/12315544/"),
    ("ntfy", "ntfy://sales-alerts"),
    ("ntfy", "https://ntfy.sh/sales-alerts"),
    ("ntfy", "ntfy://chat.internal:8065/sales"),
    ("discord", "https://discord.com/api/webhooks/0000000000/AAAABBBB"),
    ("google_chat", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=K&token=T"),
    ("pushover", f"pover://{'u' * 30}@{'t' * 30}"),
    ("mattermost", "mmost://chat.internal:8065/3ccdd113474722377935511fc85d3dd4"),
    ("rocketchat", f"rocket://{'a' * 24}/{'b' * 43}@chat.internal:8065/%23sales"),
    ("gotify", "gotify://chat.internal:8065/abcdefghi"),
]

BAD = [
    ("pigeon", "coop 7"),
    ("dashboard", "x"),
    ("email", "two@example.org, three@example.org"),
    ("email", "Ada <ada@example.org>"),
    ("email", "ada@example.org\r\nBcc: x@example.org"),
    ("email", "ada@example.org\u2028x"),
    ("email", "ada@localhost"),
    ("email", "ada@10.0.0.5"),
    ("email", "ada%there@example.org"),
    ("email", "@example.net"),
    ("email", "a" * 65 + "@example.org"),
    ("webhook", "http://crm.example.com/"),
    ("webhook", "https://127.0.0.1/"),
    ("webhook", "https://169.254.169.254/latest/meta-data/"),
    ("webhook", "https://user:pass@crm.example.com/"),
    ("webhook", "ftp://crm.example.com/"),
    ("webhook", "https://crm.example.com/\r\nX: y"),
    ("n8n", "https://n8n.internal/webhook/x"),
    ("slack", "https://hooks.slack.example/services/T00000000/B00000000/" + "X" * 24),
    ("slack", "json://127.0.0.1/"),
    ("slack", SLACK + "?verify=no"),
    ("slack", "slack://xoxb-1234-1234-abc124/#sales"),
    ("slack", "slack://xoxb-1234-1234-abc124/%23sales/%23more"),
    ("teams", TEAMS + "&template=/etc/passwd"),
    ("teams", TEAMS.replace("prod-99.westus.logic.azure.com", "evil.example")),
    ("teams", TEAMS.replace("logic.azure.com", "evillogic.azure.com.example")),
    ("teams", "workflows://10.0.0.1:80/a/b"),
    ("telegram", "tgram://123456789:abcdefg_hijklmnop/123/456/"),
    ("ntfy", "ntfy://10.0.0.5/topic"),
    ("ntfy", "ntfys://evilntfy.sh/topic"),
    ("ntfy", "ntfy://topic?attach=file:///etc/passwd"),
    ("ntfy", "file:///etc/passwd"),
    ("mattermost", "mmost://127.0.0.1:8065/3ccdd113474722377935511fc85d3dd4"),
    ("mattermost", "mmosts://chat.example.com/3ccdd113474722377935511fc85d3dd4"),
    ("gotify", "gotify://169.254.169.254/abcdefghi"),
    ("discord", "syslog://"),
]


@pytest.mark.parametrize(("channel", "address"), GOOD)
def test_an_address_of_its_channel_is_taken(channel, address):
    assert checked(channel, address, LISTED).address


@pytest.mark.parametrize(("channel", "address"), BAD)
def test_what_is_no_address_of_the_channel_is_refused_with_the_place_named(channel, address):
    with pytest.raises(BadAddress) as refused:
        checked(channel, address, LISTED)

    (place,) = refused.value.details
    assert place == ("address" if channel in CHANNELS else "channel")
    assert address not in str(refused.value.details)


@pytest.mark.parametrize(("channel", "address"), GOOD)
def test_what_is_shown_of_an_address_is_not_the_address(channel, address):
    shown = checked(channel, address, LISTED).shown

    assert address not in shown and len(shown) < 60


@settings(deadline=None)
@given(st.sampled_from(sorted(CHANNELS)), st.text(max_size=80))
def test_any_text_is_an_address_or_refused(channel, text):
    try:
        assert checked(channel, text, frozenset()).address
    except BadAddress as refused:
        assert set(refused.details) <= {"address"}


def test_every_channel_has_a_lane_of_threads():
    assert {channel.lane for channel in CHANNELS.values()} == set(LANES)


def test_the_library_for_chats_is_loaded_where_one_is_named_and_not_before():
    code = (
        "import sys; from services.alerts.channels import checked; "
        "checked('webhook', 'https://a.example/', frozenset()); "
        "sys.exit('apprise' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# What an answer means ----------------------------------------------------------------------------


@given(st.integers(100, 599))
def test_a_status_means_one_of_four_things(status):
    expected = "failed"
    if 200 <= status < 300:
        expected = "sent"
    elif status == 410:
        expected = "gone"
    elif status in (400, 401, 403, 404, 405, 406, 411, 413, 414, 415, 422, 431, 451, 501):
        expected = "refused"

    found = outcome(status, None, NOW)

    assert (found.result, found.answered) == (expected, status)
    assert (found.failure is None) == (expected == "sent")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("999999999", LONGEST_WAIT.total_seconds()),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_is_believed_within_bounds(header, seconds):
    assert waiting(header, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text(max_size=60))
def test_whatever_a_host_writes_there_is_read_or_passed_over(text):
    found = waiting(text, NOW)

    assert found is None or timedelta(0) <= found <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("logs", "result", "status"),
    [
        (["Failed to send to Slack: Unauthorized, error=403."], "refused", 403),
        (["Failed to send ntfy: limit reached, error=42901."], "failed", 429),
        (["Failed: gone, error=410."], "gone", 410),
        (["A Connection error occurred posting to Slack."], "failed", None),
        ([], "failed", None),
    ],
)
def test_what_the_library_logged_says_how_it_went(logs, result, status):
    found = failed(logs)

    assert (found.result, found.answered) == (result, status)


@pytest.mark.parametrize("text", ["@everyone", "@here", "<!channel>", "<@U123>", "<#C123>"])
def test_a_workflows_words_call_nobody_in_a_chat(text):
    assert text not in tamed(f"hello {text}")
