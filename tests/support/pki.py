"""A token played by SoftHSM, and key stores for tests."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11

from hardware.smartcard.pki.keys import FolderKeyStore
from hardware.smartcard.pki.pkcs11_keys import Pkcs11KeyStore, TokenAddress

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "74185296"
_INIT = ("--init-token", "--free", "--so-pin", "12345678")
PASSPHRASE = "correct horse battery staple"
HAS_SOFTHSM = SOFTHSM.exists() and shutil.which("softhsm2-util") is not None


def folder_keys(folder: Path) -> FolderKeyStore:
    """Keys as files, encrypted with a known passphrase."""
    return FolderKeyStore(folder, lambda: PASSPHRASE)


@contextmanager
def soft_token(folder: Path, label: str = "issuing") -> Iterator[Pkcs11KeyStore]:
    """A token of its own in folder, and the store on it.

    The library reads its configuration when it is initialised, so it is finalised before and after.
    """
    config = folder / "softhsm2.conf"
    (folder / "tokens").mkdir(parents=True)
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(config)
    forget_softhsm()
    try:
        subprocess.run(
            ["softhsm2-util", *_INIT, "--pin", PIN, "--label", label],
            check=True,
            capture_output=True,
        )
        store = Pkcs11KeyStore(TokenAddress(SOFTHSM, label), lambda: PIN)
        yield store
        store.close()
    finally:
        forget_softhsm()
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


def forget_softhsm() -> None:
    """Finalise the library, so that its next use reads the configuration anew."""
    library = pkcs11.lib(str(SOFTHSM))
    library.finalize()
