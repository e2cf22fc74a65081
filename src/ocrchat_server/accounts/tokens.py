"""Make API tokens and recognize them: `oc_`, 32 random bytes, a checksum."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import zlib

PREFIX = "oc_"
_SHAPE = re.compile(PREFIX + "[A-Za-z0-9_-]{48}")


def new_token() -> str:
    """A fresh token: 256 random bits and 32 bits of checksum, in URL-safe base64."""
    random = secrets.token_bytes(32)
    return PREFIX + base64.urlsafe_b64encode(random + _checksum(random)).decode()


def is_well_formed(token: str) -> bool:
    """Whether a text can be a token at all; a mistyped one fails here, before any look-up."""
    if not _SHAPE.fullmatch(token):
        return False
    data = base64.urlsafe_b64decode(token.removeprefix(PREFIX))
    return _checksum(data[:32]) == data[32:]


def digest_of(token: str) -> bytes:
    """SHA-256, 32 bytes: what the database knows a token by."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(random: bytes) -> bytes:
    return zlib.crc32(random).to_bytes(4, "big")
