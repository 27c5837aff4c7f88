"""The one gate: every write of personal data passes here, or does not happen.

`admit` checks the lawful basis once and returns a `Permit`. Stores do not take
bare values: they take what a permit made (`Kept`, `Sealed`, `Pseudonym`), so a
write that skipped the gate does not type-check, and `tests/test_house_rules.py`
fails on a store that inserts personal data without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

import orjson

from shared.errors import Forbidden
from shared.frozen import frozen
from shared.privacy import consent as consents
from shared.privacy.consent import Consent
from shared.privacy.modes import Mode
from shared.privacy.pseudonym import Keyring

Sealed = NewType("Sealed", bytes)
"""Bytes that only this installation's key opens, in the row they were sealed for."""

Pseudonym = NewType("Pseudonym", int)
"""A keyed 64-bit stand-in for a value, signed as PostgreSQL's bigint is."""


class ConsentMissing(Forbidden):
    """The privacy mode asks for the data subject's consent, and none was given for this purpose."""


@frozen
class Kept:
    """One record's fields as they may be stored: some in clear, some sealed."""

    clear: Mapping[str, object]
    sealed: Sealed | None
    consent: Consent | None
    proof: Sealed | None
    """The consent's proof; it often names the person, so it is sealed in every mode."""


class Gate:
    """The privacy mode and the keys of one installation."""

    def __init__(self, mode: Mode, keyring: Keyring):
        self.mode = mode
        self.keyring = keyring

    def admit(self, tenant_id: str, purpose: str, consent: Consent | None) -> "Permit":
        """Return the permit to keep one person's data for *purpose*.

        Raises ConsentMissing if the mode asks for a consent that was not given.
        """
        if not consents.allows(self.mode, purpose, consent):
            raise ConsentMissing(
                details={"consent.purposes": f"must include {purpose} in mode {self.mode.name}"}
            )
        return Permit(self, tenant_id, consent)

    def owed(self, tenant_id: str) -> "Permit":
        """Return the permit to keep what the law itself has us keep, whatever anybody agreed to.

        That somebody withdrew or objected, so that it can be shown and heeded (GDPR Art. 6(1)(c),
        7(1), 21).
        """
        return Permit(self, tenant_id, None)

    def unseal(self, tenant_id: str, sealed: bytes, bound_to: str) -> bytes:
        """Return what a permit sealed for that row. Raises Unsealable if it does not open."""
        return self.keyring.unseal(sealed, f"{tenant_id}/{bound_to}")


@dataclass(frozen=True, slots=True)
class Permit:
    """Permission to keep one person's data: the only maker of what stores accept."""

    gate: Gate
    tenant_id: str
    consent: Consent | None

    def keep(self, fields: Mapping[str, object], bound_to: str) -> Kept:
        """Return *fields* split into what the mode keeps in clear and what it seals."""
        hidden = self.gate.mode.sealed_fields
        clear = {name: value for name, value in fields.items() if name not in hidden}
        secret = {name: value for name, value in fields.items() if name in hidden}
        sealed = self.seal(orjson.dumps(secret), bound_to) if secret else None
        proof = self.consent.proof if self.consent else None
        sealed_proof = self.seal(proof.encode(), f"{bound_to}/proof") if proof else None
        return Kept(clear, sealed, self.consent, sealed_proof)

    def seal(self, data: bytes, bound_to: str) -> Sealed:
        """Return *data* under the installation's key, bound to tenant and row."""
        return Sealed(self.gate.keyring.seal(data, f"{self.tenant_id}/{bound_to}"))

    def pseudonym(self, kind: str, value: str) -> Pseudonym:
        """Return the tenant's pseudonym of *value*; `kind` keeps equal texts of two kinds apart."""
        return Pseudonym(self.gate.keyring.pseudonym(self.tenant_id, kind, value))
