"""Where the stream is, as a visitor of the page reaches it, and whether its page may read it."""

import re

from flask import Request

from shared.settings import Settings

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?P<port>:[0-9]{1,5})?")


def stream_origin(request: Request, settings: Settings) -> str:
    """Return the origin of the stream as *request* reaches it; "" if it is the page's own.

    A Host that is none is nobody's browser: it gets the page's own.
    """
    if settings.stream_url is not None:
        return settings.stream_url
    host = _HOST.fullmatch(request.headers.get("Host", ""))
    return f"{request.scheme}://{host['name']}:{settings.stream_port}" if host else ""


def may_read(request: Request, settings: Settings) -> bool:
    """True if *request* comes from the page of the services beside this stream.

    Their page has the host that was asked, and their port. With STREAM_URL the page is where a
    proxy puts it, and has the stream's origin or none that we know.
    """
    host = _HOST.fullmatch(request.headers.get("Host", ""))
    if host is None or settings.stream_url is not None:
        return False
    return request.headers.get("Origin") == f"{request.scheme}://{host['name']}:{settings.port}"
