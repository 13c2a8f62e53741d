"""Tokens as issuers of other systems make them."""

from datetime import timedelta

import jwt

from tests.support.backend_office import MORNING

SECRET = "an issuer's secret of 32 bytes or more"


def issuer_table(folder, **more):
    """Write an issuer's secret and describe it as backend.toml would."""
    (folder / "issuer.secret").write_text(SECRET)
    return {"name": "partner", "algorithm": "HS256", "key": "file:issuer.secret", **more}


def token(scope="", key=SECRET, algorithm="HS256", minutes=60, **claims):
    """Make a token of "partner", good for an hour after the tests' morning."""
    claims = {
        "iss": "partner",
        "sub": "system",
        "aud": "smartics",
        "exp": int((MORNING + timedelta(minutes=minutes)).timestamp()),
        "scope": scope,
        **claims,
    }
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm)


def bearer(scope="", **more):
    """The header that shows such a token."""
    return {"Authorization": f"Bearer {token(scope, **more)}"}
