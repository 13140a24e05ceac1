"""Every operation of the OpenAPI description, called as a generated client would: in the way described, and wrongly."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from bot.web.problems import MEDIA_TYPE

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


def test_clients_made_from_the_description_have_names_and_can_read_faults(site):
    described = site.http.get("/openapi.json").json()
    operations = [operation for methods in described["paths"].values() for operation in methods.values()]

    names = [described["info"]["title"].replace(" ", ""), *(operation["operationId"] for operation in operations)]
    names += [tag for operation in operations for tag in operation["tags"]]
    assert all(name.isascii() and name.isidentifier() for name in names)
    faults = [told for operation in operations for status, told in operation["responses"].items() if int(status) >= 400]
    assert len(faults) >= len(operations)
    assert [told for told in faults if told["content"] != {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}] == []
    wrong = site.http.get("/api/search", params={"q": "a", "k": 1000})
    assert wrong.headers["content-type"] == MEDIA_TYPE
    assert set(wrong.json()) == set(described["components"]["schemas"]["Problem"]["properties"])
    assert wrong.json()["errors"][0]["where"] == "query.k"
