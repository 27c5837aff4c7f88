"""Chats: Slack, Teams, Telegram, ntfy and others, through the library apprise.

Only the plugins of CHATS are ever loaded, and none that reads files, runs programs or asks a host
that an account names: the hosts are the plugin's own, those below a service's domain, or ones that
the operator lists in LEADFLY_ALLOWED_PRIVATE_HOSTS. An address brings no options of apprise's:
some of them read files (`template`), switch certificates off (`verify`) or follow redirects.
Apprise costs half a second and up to 25 MB, so it is imported where a chat is first named.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from services.alerts.channels.channel import FINAL, SENT, Checked, Outcome, one_line, refused
from services.alerts.message import Message
from shared.destination import spelling

LONGEST = 1_000
"""Characters of an address."""

LONGEST_TEXT = 3_000
"""Characters of a message: below the least limit of CHATS but Discord's (2,000) and Pushover's
(1,024), which apprise cuts."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One service that apprise speaks to."""

    name: str
    plugin: str
    """Module and class below `apprise.plugins`."""
    domains: tuple[str, ...] = ()
    """Where the host that an address names may be; empty: it is always the plugin's own."""
    self_hosted: bool = False
    """True: the address may name a host, which the operator must have listed."""
    parameters: frozenset[str] = frozenset()
    """What an address may say behind its question mark: tokens, never options."""


def checked(chat: Chat, address: str, allowed: frozenset[str]) -> Checked:
    """Return an address as it is stored. Raises BadAddress for one that cannot be."""
    address = one_line(address, LONGEST)
    _only_known(chat, address)
    plugin = _plugin(chat, address)
    if len(plugin) != 1:
        raise refused("must be one target: only what failed is tried again")
    host = _named_host(chat, plugin)
    if host and not _may_be_asked(chat, host, plugin, allowed):
        raise refused("names a host that is not the service's, nor listed by the operator")
    return Checked(address, f"{chat.name}:{host or ''}…{_end(address)}")


def send(
    chat: Chat, address: str, message: Message, allowed: frozenset[str], seconds: float
) -> Outcome:
    """Send *message*, and return how it was taken; within about *seconds*."""
    try:
        checked(chat, address, allowed)  # what the operator lists may have changed
        plugin = _plugin(chat, address, seconds)
    except Exception:
        return Outcome("refused", None, "The address cannot be used any more.")
    apprise = _apprise()
    sender = apprise.Apprise(asset=plugin.asset)
    sender.add(plugin)
    with sender.notify(
        body=tamed(message.text())[:LONGEST_TEXT],
        title=tamed(message.subject),
        body_format=apprise.NotifyFormat.TEXT,
    ) as result:
        if result:
            return SENT
        return failed([entry.message for entry in result.logs()])


def failed(logs: list[str]) -> Outcome:
    """Return what the *logs* of an attempt say: the last status in them, and nothing else."""
    found = [int(one) for text in logs for one in re.findall(r"\berror=(\d{3})(?:\d\d)?\b", text)]
    if not found:
        return Outcome("failed", None, "The service cannot be reached, or took too long.")
    status = found[-1]
    if status == 410:
        return Outcome("gone", status, "It answered 410: it wants no more.")
    if status in FINAL:
        said = f"It answered {status}: trying again would not help."
        return Outcome("refused", status, said)
    return Outcome("failed", status, f"It answered {status}: no success.")


def tamed(text: str) -> str:
    """Return *text* so that it calls nobody: a workflow's words are no `@everyone`."""
    return re.sub(r"(?<=@)(?=\w)|(?<=<)(?=[!@#])", "\u200b", text)


def _only_known(chat: Chat, address: str) -> None:
    parts = urlsplit(address)
    said = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if "#" in address:  # apprise would pass over it, and take a channel of its own choice
        raise refused("must have %23 in place of #")
    if said - chat.parameters:
        raise refused("may have no options behind a question mark")


def _plugin(chat: Chat, address: str, seconds: float = 10.0) -> Any:
    """Return the plugin that speaks to *address*. Raises BadAddress if it does not know it."""
    cls = _class(chat.plugin)
    said = cls.parse_native_url(address) if address.startswith("https://") else None
    said = said or (cls.parse_url(address) if _scheme(address) in _schemes(cls) else None)
    if not said:
        raise refused(f"is no address of {chat.name}")
    asset = _apprise().AppriseAsset(
        http_redirects=False, secure_logging=True, async_mode=False, service_timeout=seconds
    )
    own = {**said, "verify": True, "redirect": False, "asset": asset}
    try:
        return cls(**own)
    except Exception:  # apprise promises TypeError, and its plugins raise others, too
        raise refused(f"is no address of {chat.name}") from None


def _named_host(chat: Chat, plugin: Any) -> str | None:
    """Return the host that the address names, if it is the address that says where to go."""
    if getattr(plugin, "mode", None) == "cloud" or not (chat.domains or chat.self_hosted):
        return None
    return str(plugin.host).lower()


def _may_be_asked(chat: Chat, host: str, plugin: Any, allowed: frozenset[str]) -> bool:
    port = getattr(plugin, "port", None) or (443 if plugin.secure else 80)
    if {host, spelling(host, int(port))} & allowed:
        return True
    if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", host) or int(port) != 443:
        return False
    return any(f".{host}".endswith(f".{domain}") for domain in chat.domains)


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()


def _schemes(cls: Any) -> set[str]:
    """Return the schemes of a plugin, which names each kind as one text or several."""
    found: set[str] = set()
    for kind in (cls.protocol, cls.secure_protocol):
        found |= {kind} if isinstance(kind, str) else set(kind or ())
    return found


def _end(address: str) -> str:
    """Return the last characters, of which a token has many more."""
    return address.rstrip("/")[-3:]


@lru_cache
def _class(path: str) -> Any:
    _apprise()
    module, _, name = path.partition(".")
    return getattr(import_module(f"apprise.plugins.{module}"), name)


@lru_cache
def _apprise() -> Any:
    """Return apprise, which logs addresses and messages: they stay out of our logs."""
    apprise = import_module("apprise")
    logging.getLogger("apprise").propagate = False
    return apprise


CHATS: Mapping[str, Chat] = {
    chat.name: chat
    for chat in (
        Chat("slack", "slack.NotifySlack"),
        Chat(
            "teams",
            "workflows.NotifyWorkflows",
            domains=("logic.azure.com", "api.powerplatform.com"),
            parameters=frozenset({"api-version", "sp", "sv", "sig"}),
        ),
        Chat("telegram", "telegram.NotifyTelegram"),
        Chat("ntfy", "ntfy.NotifyNtfy", domains=("ntfy.sh",), self_hosted=True),
        Chat("discord", "discord.NotifyDiscord"),
        Chat(
            "google_chat",
            "google_chat.NotifyGoogleChat",
            parameters=frozenset({"key", "token"}),
        ),
        Chat("pushover", "pushover.NotifyPushover"),
        Chat("mattermost", "mattermost.NotifyMattermost", self_hosted=True),
        Chat("rocketchat", "rocketchat.NotifyRocketChat", self_hosted=True),
        Chat("gotify", "gotify.NotifyGotify", self_hosted=True),
    )
}
"""By the name of the channel. Teams is Power Automate's "Workflows": Microsoft ended the older
connectors."""
