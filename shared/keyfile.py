"""The root secret of an installation: from the environment, or a file under LEADFLY_HOME."""

import os
import secrets
from hashlib import sha256
from pathlib import Path

from shared.errors import SettingsError
from shared.privacy.pseudonym import Keyring
from shared.settings import Settings

FILE_NAME = "secret.key"
"""Under LEADFLY_HOME, mode 0600. Losing it makes sealed data unreadable: back it up apart."""


def keyring(settings: Settings) -> Keyring:
    """Return the installation's keys, creating the key file at the first start.

    Raises SettingsError if the file is readable by others or is damaged.
    """
    if settings.secret_key:
        return Keyring(sha256(settings.secret_key.encode()).digest())
    path = settings.home / FILE_NAME
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} may be read by others: chmod 600 it")
    try:
        return Keyring(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except ValueError:
        raise SettingsError(f"{path} is not a key file: 64 hexadecimal digits") from None


def _create(path: Path) -> None:
    """Write a new secret, complete or not at all; the first of several racing starts wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
