"""Invented personal data that is found again wherever it comes out, however it is spelt."""

import json
from base64 import b64encode
from urllib.parse import quote, quote_plus

MARK = "kanarienvogel7f3a"
"""Stands in all that is text; nothing else in the world says it."""

VALUES = {
    "first name": f"Zoë-{MARK}",
    "last name": f"Müller{MARK}",
    "email": f"zoe+{MARK}@vogel.example",
    "phone": "+49 30 70917 3461",
    "IP address": "198.51.100.237",
    "IPv6 address": "2001:db8:7f3a::beef",
    "company": f"{MARK} & Söhne GmbH",
    "message": f'Please "call" me.\n{MARK} <b>',
    "idempotency key": f"order-{MARK}",
    "account": f"account-{MARK}",
    "secret": f"lf_k4n4r1e7_{MARK}QmFuYW5hLXBlZWwtc2VjcmV0",
}
"""What a sender may say, by what it is."""

NEEDLES = {
    **VALUES,
    "mark": MARK,
    "phone's digits": "30709173461",
    "national number": "0" + "30709173461",
    "phone, as written": "70917 3461",
    "IPv6, in full": "2001:0db8:7f3a:0000:0000:0000:0000:beef",
}
"""What is looked for: also what becomes of a value on its way."""


def spellings(text):
    """Yield *text* as programs may write it: plain, escaped and encoded."""
    yield text
    yield quote(text, safe="")
    yield quote(text)
    yield quote_plus(text)
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield text.encode("unicode_escape").decode()
    yield repr(text)[1:-1]
    yield str(text.encode())[2:-1]
    yield text.encode().hex()
    yield text.encode().decode("latin-1")  # UTF-8 read as Latin-1
    yield from _base64(text.encode())


def _base64(raw):
    """Yield what base64 makes of *raw* wherever it stands: three shifts, in both alphabets."""
    for shift in range(3):
        whole = b64encode(bytes(shift) + raw).decode().rstrip("=")
        # The first and last characters also hold bits of the neighbours.
        inner = whole[(0, 2, 3)[shift] : -1]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))


ALL = {spelt.lower(): name for name, text in NEEDLES.items() for spelt in spellings(text) if spelt}


def hits(log):
    """Return what of the canary stands in the text *log*, by what it is."""
    lower = log.lower()
    return sorted({name for spelt, name in ALL.items() if spelt in lower})
