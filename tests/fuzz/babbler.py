"""A chip that answers whatever it is given, and never ends a conversation by itself."""

MOST_COMMANDS = 3000


class Babbler:
    """Gives one piece of the data after the other: a byte of length, then an answer."""

    takes_extended_length = True

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.answers = 0

    def transmit(self, command: bytes) -> bytes:
        """Answer; the commands are counted, so that a reader that never stops is found."""
        self.answers += 1
        assert self.answers < MOST_COMMANDS
        assert len(command) >= 4
        size, self._data = self._data[:1], self._data[1:]
        if not size:
            return b"\x6f\x00"
        answer, self._data = self._data[: size[0]], self._data[size[0] :]
        return answer


def answers(*given: bytes) -> bytes:
    """Put a row of answers into the data of a Babbler."""
    return b"".join(bytes([len(answer)]) + answer for answer in given)
