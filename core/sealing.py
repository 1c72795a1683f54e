"""Seal small secrets (of code apps, of robots) before they are stored: a copy of the database opens nothing.

The key is drawn from SECRET_KEY, and from SECRET_KEY_FALLBACKS for what was sealed before a change of keys.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"portal.accounts.sealing"  # where it once stood: what was sealed then is still read
_MARK = "gAAAA"  # how every sealed text begins


def seal(text: str) -> str:
    """Return `text` so that only this portal's keys can read it."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed, or a text stored before there was sealing as it is.

    Raises ValueError when it was sealed with a key that is no longer known.
    """
    if not sealed.startswith(_MARK):
        return sealed
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("sealed with a key that is in neither SECRET_KEY nor SECRET_KEY_FALLBACKS") from None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_drawn_from(key)) for key in keys])


def _drawn_from(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.blake2b(key.encode(), key=_PURPOSE, digest_size=32).digest())
