"""How a field that the caller named may be named back."""

import re

_PLAIN = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,64}", re.ASCII)


def shown(name: str, position: int) -> str:
    """Return *name* if it is short and plain, else `field 3` by its *position* (from 1).

    A field's name is the caller's text too: it may hold an address, or markup.
    """
    return name if _PLAIN.fullmatch(name) else f"field {position}"
