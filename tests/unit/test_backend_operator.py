"""What an operator sees: health, readiness, counters without anything personal."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.backend_office import office_settings, running_office


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, (), database=database)) as running:
        yield running


def counters(office, **headers):
    answer = office.http.get("/v1/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_service_and_its_database_answer(office):
    assert office.http.get("/v1/health").json() == {"ok": True}
    assert office.http.get("/v1/ready").json() == {"ok": True, "waiting": 0}


def test_a_closed_store_is_healthy_and_not_ready(office):
    office.store.close()
    assert office.http.get("/v1/health").status_code == 200
    assert office.http.get("/v1/ready").status_code == 503


def test_requests_and_commits_are_counted_by_route(office):
    before = counters(office)
    office.tag()
    after = counters(office)
    tagged = ("method", "POST"), ("route", "/v1/tags"), ("status", "200")
    assert after["smartics_requests_total", *tagged] == 1
    many = ("smartics_commit_commands_sum",)
    assert after[many] == before[many] + 1
    assert after["smartics_tags_waiting",] == 1
    assert after["smartics_ledger_lines",] > before["smartics_ledger_lines",]


def test_no_address_of_a_letter_or_tag_is_among_the_counters(office):
    token = office.tag()["token"]
    office.http.get(f"/tag/{token}")
    office.http.get("/nothing/A123456")
    text = office.http.get("/v1/metrics").text
    assert token not in text
    assert "A123456" not in text
    assert 'route="/tag/{token}"' in text


def test_a_secret_keeps_others_out(tmp_path, database):
    (tmp_path / "metrics.secret").write_text("let me see")
    settings = office_settings(
        tmp_path, (), database=database, metrics_secret="file:metrics.secret"
    )
    with running_office(settings) as office:
        for wrong in ({}, {"Authorization": "Bearer wrong"}):
            assert office.http.get("/v1/metrics", headers=wrong).status_code == 401
        assert counters(office, Authorization="Bearer let me see")
