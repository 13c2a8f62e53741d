"""What runs in the process of its own that decodes a WSQ image, and may die of it."""

import os
from multiprocessing.connection import Connection

import _wsq

TIME_LIMIT_S = 15


def decode_into(sender: Connection, data: bytes) -> None:
    """Send the pixels of an image, row by row; nothing where it cannot be decoded."""
    _keep_quiet()
    _limit()
    try:
        pixels, _, _, _ = _wsq.decompress(data)
    except Exception:  # the extension raises that alone, for whatever is wrong
        return
    sender.send_bytes(pixels)


def _keep_quiet() -> None:
    """The code underneath complains on standard error, past Python."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 (Unix alone has it)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT_S, TIME_LIMIT_S))
