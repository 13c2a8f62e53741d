"""OSIA: a partner's enrollment becomes a case, subscribers are told, an external CMS is asked."""

import base64
import hashlib

import pytest
from sqlalchemy import select

from backend.commands import cases, erasure
from backend.schema.osia_tables import osia_buffers, osia_enrollments
from backend.schema.tables import data_keys
from backend.settings import from_dict
from common.domain.case import CaseState
from tests.support.backend_office import office_table, running_office
from tests.support.tokens import bearer, issuer_table

ALL = "enroll.read enroll.write enroll.buf.read enroll.buf.write"
JPEG = b"\xff\xd8\xff\xe0 a face"
BIOGRAPHIC = {
    "identityNumber": "A123456(3)",
    "lastName": "CHAN",
    "firstName": "TAI MAN",
    "gender": "M",
    "dateOfBirth": "1980-05-06",
    "placeOfBirth": "Hong Kong",
    "nationality": "Chinese",
    "maritalStatus": "single",
    "address": "1 Example Street",
    "phoneNumber": "2345 6789",
}
FINGER = {
    "biometricType": "FINGER",
    "biometricSubType": "LEFT_THUMB",
    "template": base64.b64encode(b"a record").decode(),
    "templateFormat": "ISO_19794_2",
    "quality": 61,
    "qualityFormat": "NFIQ2",
}
FACE = {
    "biometricType": "FACE",
    "biometricSubType": "PORTRAIT",
    "image": base64.b64encode(JPEG).decode(),
}
WHOLE = {
    "enrollmentType": "resident",
    "requestData": {"priority": 1, "requestType": "FIRST_ISSUANCE"},
    "biographicData": BIOGRAPHIC,
    "biometricData": [FINGER, FACE],
}


def osia_table(folder, database, **osia):
    table = office_table(folder, ("all-round",), database=database)
    table["issuers"] = [issuer_table(folder), issuer_table(folder, name="rival")]
    table["osia"] = osia
    return table


@pytest.fixture
def office(tmp_path, database):
    table = osia_table(tmp_path, database, largest_buffer=2048)
    with running_office(from_dict(table, tmp_path)) as running:
        yield running


def call(office, method, path="", body=None, scope=ALL, params=None, **more):
    return office.http.request(
        method,
        f"/osia/v1/enrollments{path}",
        json=body,
        params={"transactionId": "t-1", **(params or {})},
        headers={**bearer(scope, **more)},
    )


def made(office, id_="E1", body=None, **params):
    answer = call(office, "POST", f"/{id_}", body or WHOLE, params=params)
    assert (answer.status_code, answer.content) == (204, b""), answer.text


def only_case(office):
    def ask(transaction):
        row = transaction.connection.execute(select(osia_enrollments.c.case_id)).scalar_one()
        return cases.view(transaction, cases.load(transaction, row))

    return office.store.ask(ask)


def refusal(answer):
    assert set(answer.json()) == {"code", "message"}, answer.text
    assert answer.json()["code"] == answer.status_code
    return answer.status_code, answer.json()["message"]


def test_a_final_enrollment_is_a_case_of_the_office(office):
    made(office)
    assert call(office, "PUT", "/E1/finalize").status_code == 204
    case = only_case(office)
    assert case.identity_number == "A123456(3)"
    assert (case.particulars.surname, case.particulars.telephone) == ("CHAN", "2345 6789")
    assert case.missing == ()
    assert (case.state, case.done) == (CaseState.FORM_DONE, ("form_done", "enrolled"))
    assert [(one.position, one.quality, one.template) for one in case.fingers] == [
        (6, 61, b"a record")
    ]
    assert case.portrait == JPEG
    # Who comes to the office finds the case, and is identified there like anybody.
    assert office.tag()["case_id"] == str(case.case_id)
    assert case.identified_by is None


def test_what_was_sent_is_read_back_and_only_by_its_partner(office):
    made(office)
    found = call(office, "GET", "/E1").json()
    assert found == {"enrollmentId": "E1", "status": "IN_PROGRESS", **WHOLE}
    some = call(office, "GET", "/E1", params={"attributes": "enrollmentType"}).json()
    assert set(some) == {"enrollmentId", "status", "enrollmentType"}
    assert refusal(call(office, "GET", "/E1", iss="rival"))[0] == 404
    made_by_rival = call(office, "POST", "/E1", WHOLE, iss="rival")
    assert made_by_rival.status_code == 204


def test_an_id_is_good_once(office):
    made(office)
    assert refusal(call(office, "POST", "/E1", WHOLE)) == (
        409,
        "conflict enrollmentId already exists",
    )


def test_an_enrollment_changes_until_it_is_final(office):
    made(office, body={"biographicData": {"lastName": "WONG", "firstName": "X"}})
    change = {"biographicData": {**BIOGRAPHIC, "firstName": None}, "enrollmentType": "citizen"}
    assert call(office, "PATCH", "/E1", change).status_code == 204
    found = call(office, "GET", "/E1").json()
    assert found["biographicData"]["lastName"] == "CHAN"
    assert "firstName" not in found["biographicData"]
    assert call(office, "PUT", "/E1", WHOLE, params={"finalize": "true"}).status_code == 204
    assert call(office, "GET", "/E1").json()["status"] == "FINALIZED"
    for method, body in (("PUT", WHOLE), ("PATCH", {}), ("DELETE", None)):
        assert refusal(call(office, method, "/E1", body))[0] == 403, method
    assert call(office, "PUT", "/E1/finalize").status_code == 204


def test_a_patch_that_makes_no_enrollment_is_refused(office):
    made(office)
    assert refusal(call(office, "PATCH", "/E1", {"unheard": 1}))[0] == 400
    assert call(office, "GET", "/E1").json()["biographicData"] == BIOGRAPHIC


UNMAPPED = {
    "biographicData.spouseName": {"biographicData": {**BIOGRAPHIC, "spouseName": "SECRET"}},
    "biographicData.dateOfBirth": {"biographicData": {**BIOGRAPHIC, "dateOfBirth": "SECRET"}},
    "biographicData.identityNumber": {"biographicData": {"identityNumber": "SECRET"}},
    "documentData": {
        "biographicData": BIOGRAPHIC,
        "documentData": [{"documentType": "FORM", "parts": [{"data": "SECRET"}]}],
    },
    "biometricData[0] IRIS": {
        "biographicData": BIOGRAPHIC,
        "biometricData": [{"biometricType": "IRIS", "biometricSubType": "EYE_LEFT"}],
    },
    "biometricData[0] FINGER PLAIN_THUMBS": {
        "biographicData": BIOGRAPHIC,
        "biometricData": [{**FINGER, "biometricSubType": "PLAIN_THUMBS"}],
    },
    "biometricData[0]: an ISO_19794_2": {
        "biographicData": BIOGRAPHIC,
        "biometricData": [{**FINGER, "templateFormat": "ANSI_378"}],
    },
    "biometricData[0]: a JPEG": {
        "biographicData": BIOGRAPHIC,
        "biometricData": [{**FACE, "image": base64.b64encode(b"GIF89a").decode()}],
    },
}


@pytest.mark.parametrize("name", UNMAPPED)
def test_what_fits_no_case_is_refused_by_name_and_never_by_value(office, name):
    made(office, body=UNMAPPED[name])
    status, message = refusal(call(office, "PUT", "/E1/finalize"))
    assert status == 400
    assert message.startswith("cannot_be_mapped")
    assert name in message
    assert "SECRET" not in message
    assert call(office, "GET", "/E1").json()["status"] == "IN_PROGRESS"


def test_who_has_an_open_case_gets_no_second_one(office):
    office.tag()
    made(office)
    assert refusal(call(office, "PUT", "/E1/finalize"))[0] == 409


def test_enrollments_are_found_by_what_they_say(office):
    made(office, "E1")
    made(office, "E2", {"biographicData": {"lastName": "WONG", "dateOfBirth": "1995-01-01"}})

    def ids(*expressions, **params):
        body = [
            {"attributeName": name, "operator": operator, "value": value}
            for name, operator, value in expressions
        ]
        return [one["enrollmentId"] for one in call(office, "POST", "", body, params=params).json()]

    assert ids(("lastName", "=", "WONG")) == ["E2"]
    assert ids(("dateOfBirth", "<", "1990-12-31"), ("status", "=", "IN_PROGRESS")) == ["E1"]
    assert ids(("lastName", "!=", "LEE")) == ["E1", "E2"]
    assert ids(limit=1, offset=1) == ["E2"]
    assert ids(("lastName", ">", 3)) == []
    assert call(office, "POST", "", [], iss="rival").json() == []


def send_buffer(office, content=JPEG, content_type="image/jpeg", **headers):
    return office.http.post(
        "/osia/v1/enrollments/E1/buffer",
        content=content,
        params={"transactionId": "t-1"},
        headers={**bearer(ALL), "Content-Type": content_type, **headers},
    )


def test_a_portrait_may_come_as_a_buffer(office):
    made(office, body={"biographicData": BIOGRAPHIC})
    digest = base64.b64encode(hashlib.sha256(JPEG).digest()).decode()
    answer = send_buffer(office, Digest=f"SHA-256={digest}")
    assert answer.status_code == 201
    buffer = answer.json()["bufferId"]
    kept = call(office, "GET", f"/E1/buffer/{buffer}")
    assert (kept.content, kept.headers["content-type"]) == (JPEG, "image/jpeg")
    assert kept.headers["digest"] == f"SHA-256={digest}"
    face = {"biometricType": "FACE", "imageRef": f"/osia/v1/enrollments/E1/buffer/{buffer}"}
    assert call(office, "PATCH", "/E1", {"biometricData": [face]}).status_code == 204
    assert call(office, "PUT", "/E1/finalize").status_code == 204
    assert only_case(office).portrait == JPEG
    assert call(office, "GET", f"/E1/buffer/{buffer}").content == JPEG


def test_wrong_buffers_are_refused(office):
    assert refusal(send_buffer(office))[0] == 404
    made(office)
    assert refusal(send_buffer(office, Digest="SHA-256=AAAA"))[0] == 400
    assert refusal(send_buffer(office, content_type="text/html"))[0] == 400
    assert refusal(send_buffer(office, content=b""))[0] == 400
    assert refusal(send_buffer(office, content=bytes(2049)))[0] == 413


def test_nothing_of_a_person_lies_open_and_removing_removes_the_key(office):
    made(office)
    send_buffer(office)

    def raw(transaction):
        rows = [
            row
            for table in (osia_enrollments, osia_buffers)
            for row in transaction.connection.execute(select(table)).all()
        ]
        keys = transaction.connection.execute(
            select(data_keys.c.subject).where(data_keys.c.subject.like("osia %"))
        ).all()
        return repr(rows), len(keys)

    plain, keys = office.store.ask(raw)
    assert keys == 1
    for secret in (*BIOGRAPHIC.values(), "a face", "a record"):
        assert secret == "M" or secret not in plain
    assert call(office, "DELETE", "/E1").status_code == 204
    assert office.store.ask(raw) == ("[]", 0)
    assert refusal(call(office, "GET", "/E1"))[0] == 404


def test_an_erased_case_takes_its_enrollment_along(office):
    made(office, finalize=True)
    case = only_case(office).case_id

    def close(transaction):
        row = cases.load(transaction, str(case))
        cases.change(transaction, row, state=CaseState.REFUSED, live_person=None)
        erasure.erase_case(transaction, case, "officer")

    office.store.submit(close).result()
    assert refusal(call(office, "GET", "/E1")) == (404, "not_found erased")


def test_a_token_is_for_what_it_says(office):
    made(office)
    for method, path, body, scope in (
        ("GET", "/E1", None, "enroll.write enroll.buf.read"),
        ("POST", "/E2", WHOLE, "enroll.read"),
        ("DELETE", "/E1", None, "enroll.read"),
        ("POST", "", [], "enroll.write"),
    ):
        assert refusal(call(office, method, path, body, scope))[0] == 403
    assert refusal(office.http.get("/osia/v1/enrollments/E1?transactionId=t"))[0] == 401


def test_a_transaction_needs_its_id(office):
    answer = office.http.get("/osia/v1/enrollments/E1", headers=bearer(ALL))
    assert refusal(answer)[0] == 400


def test_without_its_section_there_is_nothing(tmp_path, database):
    table = osia_table(tmp_path, database)
    del table["osia"]
    with running_office(from_dict(table, tmp_path)) as office:
        assert refusal(call(office, "GET", "/E1"))[0] == 404
        assert refusal(call(office, "POST", "/E1", WHOLE))[0] == 404
        assert refusal(office.http.get("/osia/v1/topics", headers=bearer(ALL)))[0] == 404
