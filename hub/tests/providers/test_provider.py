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


def test_a_disabled_flag_without_an_off_variation_leaves_the_default(hub, flags, request):
    key = f"no-off-{request.node.callspec.params['flags']}"
    variations = [{"key": "on", "value": True}, {"key": "off", "value": False}]
    hub.create_flag(
        {"key": key, "name": key, "type": "boolean", "variations": variations, "clientVisible": True}
    )
    hub.patch(key, {"enabled": False, "offVariation": None})
    detail = flags.get_boolean_details(key, True, ANN)
    assert (detail.value, detail.error_code) == (True, ErrorCode.FLAG_NOT_FOUND)
    assert "serves no variation" in detail.error_message


def test_numbers_of_a_flag_with_fractions_are_floats(hub, flags, request):
    key = f"ratio-{request.node.callspec.params['flags']}"
    variations = [{"key": "whole", "value": 10}, {"key": "half", "value": 0.5}]
    hub.create_flag({"key": key, "name": key, "type": "number", "variations": variations, "clientVisible": True})
    hub.patch(key, {"enabled": True})
    detail = flags.get_float_details(key, 0.0, ANN)
    assert (detail.value, detail.variant, detail.error_code) == (10.0, "whole", None)


def test_text_that_was_cut_in_an_emoji_is_evaluated_all_the_same(flags):
    cut = EvaluationContext("ann\ud83d", {"country": "SE", "plan": "pro", "name": "\udc00"})
    assert flags.get_string_details("hero-theme", "", cut).error_code is None


def test_metadata_says_what_telemetry_asks_for(flags):
    metadata = flags.get_string_details("hero-theme", "", ANN).flag_metadata
    assert metadata["flagSetId"] == "storefront/production"
    assert metadata["contextId"] == "ann"
    assert metadata["version"].isdigit()


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
