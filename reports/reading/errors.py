"""What a reader says when a file cannot be read."""

from __future__ import annotations


class ReadingError(Exception):
    """A file that cannot be read, told to the person who uploaded it.

    `code` is a stable identifier for programs; `message` is a Chinese sentence saying what is wrong and
    what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
