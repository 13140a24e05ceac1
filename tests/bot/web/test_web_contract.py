"""Every operation of the OpenAPI description, called as a generated client would: in the way described, and wrongly."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

_EXAMPLES = 8  # of each operation; `--hypothesis-…` options do not reach in here, raise it by hand to look harder


def test_what_is_described_is_what_is_served(site):
    described = schemathesis.openapi.from_url(f"{site.base}/openapi.json")
    called = []
    for found in described.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case):
            case.call_and_validate()

        call()
        called.append(operation.label)
    assert len(called) >= 14
