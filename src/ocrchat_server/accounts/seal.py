"""Seal short secrets with the server's key, so that the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


def sealed(secret: str, purpose: str) -> bytes:
    """The secret, encrypted and signed for one purpose."""
    return _cipher(purpose).encrypt(secret.encode())


def unsealed(seal: bytes | memoryview[int], purpose: str) -> str:
    """The secret again. cryptography's InvalidToken when key or purpose are others."""
    return _cipher(purpose).decrypt(bytes(seal)).decode()


@cache
def _cipher(purpose: str) -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=purpose.encode()[:16])
    return Fernet(base64.urlsafe_b64encode(key.digest()))
