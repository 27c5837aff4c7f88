import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import signature
from shared.signature import BadSignature, new_secret, sign, verified

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
NOW = datetime.fromtimestamp(AT, UTC)
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="


def refused(**changes):
    message = {
        "secrets": [SECRET],
        "message_id": MESSAGE,
        "timestamp": str(AT),
        "signature": SIGNED,
        "body": BODY,
        "now": NOW,
    }
    try:
        verified(**(message | changes))
    except BadSignature:
        return True
    return False


def test_the_published_vector_is_what_we_sign():
    assert sign(SECRET, MESSAGE, AT, BODY) == SIGNED
    assert sign(SECRET, MESSAGE, NOW, BODY) == SIGNED


def test_the_published_vector_is_accepted():
    assert not refused()
    assert not refused(secrets=[SECRET.removeprefix("whsec_")])


def test_one_right_signature_among_several_is_enough():
    assert not refused(signature=f"{OTHER} v2,{SIGNED[3:]} {SIGNED} {OTHER}")


def test_one_right_secret_among_several_is_enough():
    assert not refused(secrets=[new_secret(), SECRET])


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": "msg_other"},
        {"timestamp": str(AT + 1)},
        {"body": BODY + b" "},
        {"secrets": [new_secret()]},
        {"secrets": []},
        {"signature": OTHER},
        {"signature": ""},
        {"signature": SIGNED.lower()},
        {"signature": SIGNED[3:]},
        {"signature": f"v2,{SIGNED[3:]}"},
        {"signature": f"v1a,{SIGNED[3:]}"},
        {"signature": "v1,"},
        {"signature": "v1,é"},
        {"signature": "v1,\udc80"},
        {"signature": " ".join([OTHER] * signature.MOST_SIGNATURES + [SIGNED])},
    ],
)
def test_whatever_differs_from_what_was_signed_is_refused(wrong):
    assert refused(**wrong)


@pytest.mark.parametrize("seconds", [300, -300])
def test_a_message_is_good_for_300_seconds_and_no_more_both_ways(seconds):
    # Red without the tolerance: the signature itself is right.
    assert not refused(now=NOW + timedelta(seconds=seconds))
    assert refused(now=NOW + timedelta(seconds=seconds * 301 / 300))


@pytest.mark.parametrize("timestamp", ["", "hello", "1614265330.0", "-1614265330", "٣", "9" * 400])
def test_a_time_that_is_no_plain_number_is_refused_even_if_it_was_signed(timestamp):
    mac = signature._mac(SECRET, MESSAGE, timestamp, BODY)

    assert refused(timestamp=timestamp, signature=f"v1,{base64.b64encode(mac).decode()}")


@pytest.mark.parametrize("message_id", ["", "a.1614265330", "a\nb", "a" * 256, "ä"])
def test_an_id_that_could_be_read_two_ways_is_neither_signed_nor_accepted(message_id):
    mac = signature._mac(SECRET, message_id, str(AT), BODY)

    assert refused(message_id=message_id, signature=f"v1,{base64.b64encode(mac).decode()}")
    with pytest.raises(ValueError, match="message id"):
        sign(SECRET, message_id, AT, BODY)


@pytest.mark.parametrize("length", [0, 23, 65])
def test_a_secret_too_short_or_too_long_signs_nothing(length):
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        sign("whsec_" + base64.b64encode(bytes(length)).decode(), MESSAGE, AT, BODY)


def test_a_secret_that_is_no_base64_signs_nothing():
    with pytest.raises(ValueError, match="base64"):
        sign("whsec_ä!", MESSAGE, AT, BODY)


def test_no_two_new_secrets_are_alike():
    assert len({new_secret() for _ in range(100)}) == 100


@given(st.binary(max_size=200), st.binary(min_size=24, max_size=64), st.integers(0, 10**10))
def test_what_was_signed_is_accepted(body, raw, at):
    secret = "whsec_" + base64.b64encode(raw).decode()
    signed = sign(secret, "msg_1", at, body)

    verified([secret], "msg_1", str(at), signed, body, datetime.fromtimestamp(at, UTC))
