"""Three serving nodes, PostgreSQL with a standby and a bucket: whatever dies, whoever asks is answered, and never wrongly."""

from __future__ import annotations

import pytest

from benchmarks.many import Trial, tried
from tests.servers.postgres import missing
from tests.servers.service import Service


@pytest.fixture
def service(tmp_path):
    if reason := missing():
        pytest.skip(reason)
    service = Service(tmp_path)
    yield service
    service.close()


def test_whatever_dies_everybody_is_answered_and_never_wrongly(service):
    faults = [Trial.primary_dies, Trial.bucket_goes_away, Trial.node_dies, Trial.publishers_meet]

    outcome = tried(service, faults, seed=1)

    assert outcome.counts["right"] > 100, outcome
    assert outcome.counts["wrong"] == outcome.counts["failed"] == 0, outcome
    assert not outcome.trial.unhealed, outcome
    assert not any("Traceback" in node.log for node in service.nodes)
