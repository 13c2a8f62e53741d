"""Notices as files, so that a person can look at them: for a demo, and to try texts."""

import os
from email.message import EmailMessage
from pathlib import Path


class FolderMail:
    """Writes each mail as an .eml file that mail programs open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the mail under its Message-ID: a repeat is the same file."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        _write(self._folder, f"{name}.eml", bytes(message))


class FolderSms:
    """Writes each text as a .txt file: the number, an empty line, the text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, number: str, text: str, notice_id: str) -> str:
        """Write the text."""
        _write(self._folder, f"{notice_id}.txt", f"{number}\n\n{text}\n".encode())
        return notice_id


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
