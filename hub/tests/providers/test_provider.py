"""OpenFeature's own OFREP provider for Python, as it is published, against a running hub."""

import pytest
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

ANN = EvaluationContext("ann", {"country": "DE", "plan": "free"})
BO = EvaluationContext("bo", {"country": "SE", "plan": "pro"})


def client(hub, key):
    provider = OFREPProvider(hub.sdk, headers_factory=lambda: {"Authorization": f"Bearer {key}"})
    api.set_provider(provider, "test")
    return api.get_client("test")


@pytest.fixture(params=["server", "client"])
def flags(request, hub):
    return client(hub, getattr(hub, f"{request.param}_key"))


def test_flags_of_every_type_are_evaluated(flags):
    theme = flags.get_string_details("hero-theme", "", BO)
    assert (theme.value, theme.variant, theme.reason) == ("fjord", "fjord", Reason.TARGETING_MATCH)
    assert flags.get_string_value("hero-theme", "", ANN) == "dawn"
    assert flags.get_integer_value("discount-percent", -1, BO) == 10
    assert isinstance(flags.get_object_value("layout", {}, ANN), dict)
    assert flags.get_boolean_details("new-checkout", True, ANN).error_code is None


def test_what_goes_wrong_leaves_the_default_and_says_why(hub, flags):
    unknown = flags.get_boolean_details("nothing", True, ANN)
    assert (unknown.value, unknown.error_code) == (True, ErrorCode.FLAG_NOT_FOUND)
    mismatch = flags.get_boolean_details("hero-theme", True, ANN)
    assert (mismatch.value, mismatch.error_code) == (True, ErrorCode.TYPE_MISMATCH)
    nobody = client(hub, "pbs_nobody").get_boolean_details("new-checkout", True, ANN)
    assert (nobody.value, nobody.error_code) == (True, ErrorCode.GENERAL)


def test_a_change_is_seen_with_the_next_evaluation(hub, flags):
    for enabled in (True, False, True):
        hub.patch("new-checkout", {"enabled": enabled})
        assert flags.get_boolean_value("new-checkout", not enabled, ANN) is enabled


def test_a_flag_whose_prerequisite_fails_serves_its_off_variation(hub, flags, request):
    key = f"dependent-{request.node.callspec.params['flags']}"
    variations = [{"key": "on", "value": True}, {"key": "off", "value": False}]
    hub.create_flag(
        {"key": key, "name": key, "type": "boolean", "variations": variations, "clientVisible": True}
    )
    hub.patch("new-checkout", {"enabled": False})
    hub.patch(key, {"enabled": True, "prerequisites": [{"flag": "new-checkout", "variations": ["on"]}]})
    detail = flags.get_boolean_details(key, True, ANN)
    # The provider knows no reason of ours, and fails on one that it does not know.
    assert (detail.value, detail.variant, detail.reason) == (False, "off", Reason.DISABLED)
    assert detail.flag_metadata["reason"] == "PREREQUISITE_FAILED"
