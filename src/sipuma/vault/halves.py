"""A key in two halves, of which neither says anything alone."""

import os

from .secret import Secret


def split(key: Secret) -> tuple[Secret, Secret]:
    """Two halves as long as the key: one random, the other the key XOR it."""
    mask = Secret(os.urandom(len(key)))
    return mask, join(mask, key)


def join(a: Secret, b: Secret) -> Secret:
    """The key, from both halves in either order; halves of different keys give a key that opens nothing.

    ValueError when their lengths differ.
    """
    return Secret(bytes(left ^ right for left, right in zip(a.reveal(), b.reveal(), strict=True)))
