"""The random settings of a hidden check: one set for learners, one for each student.

A learner draws the same numbers every time. In a class each student draws others,
which nobody can work out without the instructor's secret: nothing can be hard-coded.
"""

import hashlib
import hmac
import zlib

import numpy as np

MIN_SECRET = 16  # bytes: fewer could be guessed from a few known settings
_MAKE_ONE = 'python -c "import secrets; print(secrets.token_hex(32))"'


def generator(
    test: str, exercise: str, student: str = "", secret: bytes = b""
) -> np.random.Generator:
    """Return the generator of `test`: public without a `secret`, else the student's.

    The student's seed is HMAC-SHA256 under `secret`, over student, exercise and test.

    Raises:
        ValueError: a secret without a student, a student without a secret, or a
            secret of fewer than 16 bytes.
    """
    if not secret and not student:
        return np.random.default_rng(zlib.crc32(test.encode()))
    if not secret:
        raise ValueError(f"student {student!r} needs a secret; make one: {_MAKE_ONE}")
    if not student:
        raise ValueError("a secret needs a student: whose settings are to be drawn?")
    if len(secret) < MIN_SECRET:
        raise ValueError(
            f"secret must have at least {MIN_SECRET} bytes, got {len(secret)}; "
            f"make one: {_MAKE_ONE}"
        )
    digest = hmac.new(secret, _joined(student, exercise, test), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest))


def secret_bytes(secret: bytes | str) -> bytes:
    """Return a secret as bytes; a text stands for its bytes in UTF-8.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(secret, str):
        return secret.encode()
    if not isinstance(secret, bytes):
        raise ValueError(
            f"secret must be bytes or a text, got a {type(secret).__name__}; "
            f"make one: {_MAKE_ONE}"
        )
    return secret


def _joined(*parts: str) -> bytes:
    """Put each part behind its length, so that no two lists of parts look alike."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(8) + part for part in encoded)
