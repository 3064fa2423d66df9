"""Requests made of the protocol's document; every answer must be one that it specifies."""

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
FLAGS = ["new-checkout", "hero-theme", "discount-percent", "layout", "banner-text", "nothing"]
document = schemathesis.openapi.from_path(Path(__file__).with_name("openapi.yaml"))


def examples(count):
    # Nothing is kept between runs, and the same requests are made each time.
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@document.parametrize()
@examples(150)
def test_every_answer_is_specified(case, hub):
    case.call_and_validate(base_url=hub.sdk, headers=bearer(hub.server_key), checks=CHECKS)


@document.include(operation_id="evaluateFlag").parametrize()
@examples(60)
@pytest.mark.parametrize("kind", ["server", "client"])
def test_every_answer_about_a_known_flag_is_specified(case, hub, kind):
    key = hub.server_key if kind == "server" else hub.client_key
    for flag in FLAGS:
        case.path_parameters = {"key": flag}
        case.call_and_validate(
            base_url=hub.sdk,
            headers=bearer(key),
            checks=[check for check in CHECKS if check is not unsupported_method],
        )


@document.parametrize()
@examples(40)
def test_nothing_is_answered_without_a_key(case, hub):
    # The credentials that it makes up are no one's.
    answer = case.call(base_url=hub.sdk)
    # It tries other methods too.
    assert answer.status_code == (401 if case.method == "POST" else 405)
    case.validate_response(answer, checks=CHECKS)


def bearer(key):
    return {"Authorization": f"Bearer {key}"}
