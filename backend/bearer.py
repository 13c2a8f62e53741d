"""Programs of others: they show a token (JWT, RFC 7519) of an issuer that the settings name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from backend.keys import SecretError, read_secret
from backend.settings import IssuerSettings, Settings
from backend.transaction import Refusal

_LEAST_SECRET_BYTES = 32
_LONGEST_TOKEN = 4000
_LAST = datetime(9999, 1, 1, tzinfo=UTC)
_NEEDED = ["iss", "sub", "aud", "exp"]


@dataclass(frozen=True, slots=True)
class Program:
    """Who shows a token, what for, and until when."""

    name: str
    issuer: str
    office: str
    scopes: frozenset[str]
    ends: datetime


class Bearers:
    """Checks tokens. Its keys are read once, when the service starts."""

    def __init__(self, settings: Settings) -> None:
        """Read the issuers' keys.

        Raises:
            SecretError: A key is missing, too short, or of another kind than it is said to be.
        """
        self._skew = timedelta(seconds=settings.trust.clock_skew_seconds)
        here = settings.offices[0].code
        self._issuers = {
            issuer.name: (issuer, issuer.office or here, _key(issuer, settings.folder))
            for issuer in settings.issuers
        }

    def check(self, authorization: str, scope: str, now: datetime) -> Program:
        """Return the program that a header Authorization speaks for.

        Raises:
            Refusal: The token is not of a known issuer, over, or not for this.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
            raise Refusal(401, "token_wrong", "send a bearer token")
        claims, office = self._claims(token)
        begins, ends = _moment(claims.get("nbf", 0)), _moment(claims["exp"])
        if not begins - self._skew <= now < ends + self._skew:
            raise Refusal(401, "token_over")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if scope not in scopes:
            raise Refusal(403, "scope_needed", scope)
        return Program(
            f"{claims['iss']}/{claims['sub']}"[:200], str(claims["iss"]), office, scopes, ends
        )

    def _claims(self, token: str) -> tuple[dict[str, Any], str]:
        try:
            said = jwt.decode(token, options={"verify_signature": False})
            issuer, office, key = self._issuers[said["iss"]]
            claims = jwt.decode(
                token,
                key,
                algorithms=[issuer.algorithm],
                audience=issuer.audience,
                issuer=issuer.name,
                # Time is the service's own clock's, not this library's.
                options={
                    "require": _NEEDED,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Refusal(401, "token_wrong") from error
        return claims, office


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise Refusal(401, "token_wrong")
    try:
        return min(datetime.fromtimestamp(seconds, UTC), _LAST)
    except (OverflowError, ValueError, OSError) as error:
        raise Refusal(401, "token_wrong") from error


def _key(issuer: IssuerSettings, folder: Path) -> str | EllipticCurvePublicKey:
    text = read_secret(issuer.key, folder)
    if issuer.algorithm == "HS256":
        if len(text.encode()) < _LEAST_SECRET_BYTES:
            raise SecretError(f"the key of {issuer.name} needs {_LEAST_SECRET_BYTES} bytes or more")
        return text
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SecretError(f"the key of {issuer.name} is no public key in PEM") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise SecretError(f"the key of {issuer.name} is not of the curve P-256")
    return key
