"""Asks a backend to pair: the one request that is not signed, for there is no certificate yet."""

import warnings
from threading import Lock

import requests
from pydantic import ValidationError
from urllib3.exceptions import InsecureRequestWarning

from common.sync.client import (
    ANSWER_TIMEOUT_S,
    CONNECT_TIMEOUT_S,
    BackendUnreachableError,
    RefusedError,
    problem_of,
)
from common.wire.trust import PairAnswer, PairRequest

_FILTERS = Lock()
"""The filters of warnings are the whole process's: who puts them back would undo another's."""


def ask_to_pair(address: str, request: PairRequest) -> PairAnswer:
    """Send the request and return the answer; whether it is the backend's, its proof says.

    Raises:
        BackendUnreachableError: No answer came, or one of another shape.
        RefusedError: The code is wrong, used or over, or the request is malformed.
    """
    with _FILTERS, warnings.catch_warnings():
        # Which authority to trust is what the answer will say, and the one-time code proves it.
        warnings.simplefilter("ignore", InsecureRequestWarning)
        try:
            response = requests.post(
                f"{address.rstrip('/')}/v1/stations/pair",
                data=request.model_dump_json(),
                headers={"Content-Type": "application/json"},
                timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
                verify=False,  # noqa: S501 (see above)
            )
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error
    if response.status_code >= 500:
        raise BackendUnreachableError(f"status {response.status_code}")
    if response.status_code >= 400:
        raise RefusedError(response.status_code, *problem_of(response))
    try:
        return PairAnswer.model_validate_json(response.content)
    except ValidationError as error:
        raise BackendUnreachableError("the answer has another shape") from error
