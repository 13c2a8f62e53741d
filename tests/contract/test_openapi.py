"""The OpenAPI document says what the running service does, whatever is sent to it.

Schemathesis makes requests from the document, good and bad ones, and judges each answer by it.
SMARTICS_SCHEMATHESIS_EXAMPLES says how many of each kind; a printed seed makes them again.
"""

import copy
import os
import random

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from typer.testing import CliRunner

from backend.serve import describe
from backend.settings import from_dict
from common.wire.facts import new_id
from office.cli import app as cli
from tests.support.backend_office import (
    KEYS,
    PASSWORD,
    office_table,
    running_office,
    signature_of,
)
from tests.support.tokens import bearer, issuer_table

EXAMPLES = int(os.environ.get("SMARTICS_SCHEMATHESIS_EXAMPLES", "3"))
SEED = int(os.environ.get("SMARTICS_SCHEMATHESIS_SEED", random.randrange(2**32)))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
DOCUMENT = describe()
METHODS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
# Every request is signed as it leaves, so its signature is nothing to make up.
UNSECURED = copy.deepcopy(DOCUMENT)
for _path in UNSECURED["paths"].values():
    for _operation in _path.values():
        _operation.pop("security", None)
SCHEMA = schemathesis.openapi.from_dict(UNSECURED)
# A stream does not end by itself; test_backend_events.py and test_backend_web.py read them.
STREAMS = {
    label
    for label, operation in METHODS.items()
    if "text/event-stream" in operation["responses"].get("200", {}).get("content", {})
}
OPERATIONS = {
    found.ok().label: found.ok()
    for found in SCHEMA.get_all_operations()
    if isinstance(found, Ok) and found.ok().label not in STREAMS
}
# Almost any text is a good one; the NUL that is not has a test of its own below.
ANY_TEXT = {"GET /v1/cards/by-serial/{chip_serial}"}
# Where nothing is sent, nothing can be sent wrongly.
SENT = [
    (label, mode)
    for label in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode.is_positive
    or ({"parameters", "requestBody"} & set(METHODS[label]) and label not in ANY_TEXT)
]
PUBLIC = {
    "GET /v1/health",
    "GET /v1/ready",
    "GET /v1/metrics",
    "GET /v1/display/{office}/events",
    "GET /v1/offices",
    "GET /v1/offices/{code}/waits",
    "GET /v1/ledger/checkpoint",
    "GET /v1/ledger/key",
    "GET /v1/ledger/proof/inclusion",
    "GET /v1/ledger/proof/consistency",
    "POST /v1/stations/pair",
}
SCOPES = " ".join(
    scope
    for operation in METHODS.values()
    for one in operation.get("security", ())
    for scope in one.get("program", ())
)
ACTORS = (
    ("tag-1", None),
    ("registration-1", None),
    ("collection-1", None),
    ("booth-1", "all-round"),
    ("booth-2", "supervisor"),
)


@pytest.fixture(scope="module")
def office(module_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    table = office_table(folder, ("all-round", "supervisor"), database=module_database)
    table["issuers"] = [issuer_table(folder)]
    table["osia"] = {"callback_hosts": ["127.0.0.1"]}
    with running_office(from_dict(table, folder)) as running:
        yield running


@pytest.fixture(scope="module")
def things(office):
    """A case and a card that are there, so that good requests reach what lies behind the door."""
    case = office.registered("B234567(1)")["case_id"]
    path, params = "/osia/v1/enrollments/E1", {"transactionId": "t"}
    office.http.post(
        path, params=params, json={}, headers=bearer(SCOPES, minutes=100_000)
    ).raise_for_status()
    return {
        "case_id": case,
        "card_id": str(new_id()),
        "tag": office.tag("C345678(A)")["token"],
        "enrollment_id": "E1",
    }


class Signed(requests.auth.AuthBase):
    """Signs what Schemathesis is about to send, with a fresh key where the key is a good one."""

    def __init__(self, office, station, token):
        self.office, self.station, self.token = office, station, token

    def __call__(self, request):
        if 8 <= len(request.headers.get("Idempotency-Key", "")) <= 100:
            request.headers["Idempotency-Key"] = str(new_id())
        if self.token:
            request.headers["X-Officer"] = self.token
        plain = as_httpx(self.office, request)
        request.headers.update(signature_of(plain, KEYS[self.station], self.office.clock()))
        return request


class Bearer(requests.auth.AuthBase):
    """Shows a token for everything that OSIA's interfaces ask for."""

    def __call__(self, request):
        request.headers.update(bearer(SCOPES, minutes=100_000))
        return request


def as_httpx(office, request):
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body
    headers = {
        name: value
        for name, value in request.headers.items()
        if name in ("Idempotency-Key", "X-Officer")
    }
    return office.http.build_request(request.method, request.url, content=body, headers=headers)


def fresh_session(office, station, officer):
    if officer is None:
        return None
    office.clock.advance(61)  # else so many sign-ins would be too many
    body = {"officer_id": officer, "password": PASSWORD}
    return office.good(station, "/v1/officers/sign-in", body)["token"]


@pytest.mark.parametrize(("label", "mode"), SENT)
def test_every_answer_is_one_that_the_document_names(office, things, label, mode):
    station, officer = ACTORS[random.Random(f"{SEED} {label} {mode}").randrange(len(ACTORS))]
    few = label in PUBLIC or "/osia/" in label or EXAMPLES < 20
    for actor in [(station, officer)] if few else ACTORS:
        ask_as(office, things, label, mode, *actor)


def ask_as(office, things, label, mode, station, officer):
    auth: requests.auth.AuthBase | None = None
    if "/osia/" in label:
        auth = Bearer()
    elif label not in PUBLIC:
        auth = Signed(office, station, fresh_session(office, station, officer))
    print(f"SMARTICS_SCHEMATHESIS_SEED={SEED} as {station} {officer}")

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def send(case):
        if mode.is_positive:
            aim(case, things, station)
        answer = case.call(base_url=str(office.http.base_url), auth=auth)
        # What is too large is refused before it is looked at.
        checks = CHECKS[:-1] if answer.status_code == 413 else CHECKS
        case.validate_response(answer, checks=checks)

    send()


def aim(case, things, station):
    """Point a good request at what is there."""
    for name in ("case_id", "card_id", "enrollment_id"):
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = things[name]
    if not isinstance(case.body, dict):
        return
    if "tag_token" in case.body:
        case.body["tag_token"] = things["tag"]
    for fact in case.body.get("facts", ()):
        fact["case_id"], fact["station"] = things["case_id"], station


@pytest.mark.parametrize("label", sorted(set(OPERATIONS) - PUBLIC))
def test_nothing_is_told_to_who_signs_nothing(office, label):
    method, path = label.split()
    answer = office.http.request(method, path.replace("{", "").replace("}", ""), json={})
    assert answer.status_code == 401, answer.text
    if "/osia/" in path:
        assert answer.json() == {"code": 401, "message": "token_wrong send a bearer token"}
    else:
        assert answer.json()["problem"] == "station_unknown"


def test_every_operation_names_its_security_and_every_refusal():
    refusals = {"400", "401", "403", "404", "409", "413", "422", "429", "500", "503"}
    for label, operation in METHODS.items():
        assert refusals <= set(operation["responses"]), label
        assert operation.get("security") or label in PUBLIC, label
        names = {one["name"].lower() for one in operation.get("parameters", ())}
        assert not names & {"signature", "authorization", "x-officer"}, label


def test_the_command_line_prints_the_document():
    printed = CliRunner().invoke(cli, ["backend", "openapi"])
    assert printed.exit_code == 0
    assert '"openapi": "3.1.0"' in printed.output
    assert '"/v1/facts"' in printed.output


HOSTILE = {
    "nul": '{"by": "number", "identity_number": "\\u0000", "year_of_birth": 1980}',
    "surrogate": '{"by": "number", "identity_number": "\\ud800", "year_of_birth": 1980}',
    "surrogate_key": '{"by": "number", "\\ud800\\u0000": 1}',
    "huge": '{"by": "number", "identity_number": "A123456(3)", "year_of_birth": 1'
    + "0" * 5000
    + "}",
    "text_for_number": '{"by": "number", "identity_number": "A123456(3)", "year_of_birth": "1980"}',
    "deep": "[" * 20_000,
    "not_a_number": '{"by": NaN}',
    "not_json": "by=number",
    "empty": "",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_are_refused_in_words(office, body):
    answer = send_raw(office, "/v1/tags", body.encode())
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["problem"] in ("bad_request", "unprocessable_entity")


def test_bytes_that_are_no_text_are_refused(office):
    assert send_raw(office, "/v1/tags", b'{"by": "\xff\xfe"}').status_code in (400, 422)
    assert send_raw(office, "/v1/tags", b"\x00\x01").status_code in (400, 422)


def test_another_content_type_is_refused(office):
    body = b'{"by": "number", "identity_number": "A123456(3)", "year_of_birth": 1980}'
    answer = send_raw(office, "/v1/tags", body, "text/plain")
    assert answer.status_code == 422


def test_a_nul_in_an_address_is_refused(office):
    for path in ("/v1/cards/by-serial/a%00b", "/v1/cards/by-serial/%ff"):
        assert office.ask("booth-1", path, "all-round").status_code in (404, 422)


def send_raw(office, path, body, content_type="application/json"):
    headers = {
        "X-Station": "tag-1",
        "Idempotency-Key": str(new_id()),
        "Content-Type": content_type,
    }
    return office.http.post(path, content=body, headers=headers)
