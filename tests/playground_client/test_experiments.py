"""Versions, twins and sweeps from a script."""

from __future__ import annotations

import pytest

from playground.sweep import Axis
from playground_client import Playground, PlaygroundError
from tests.webapp.conftest import small_network


def test_versions_and_differences(site: Playground) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    assert [version.what for version in site.versions(made.id)] == ["First save"]
    copy = site.duplicate(made.id)  # pins the version
    changed = site.change(made.id, made.version, recipe={"dataset": "digits", "epochs": 7})
    assert [(version.number, version.current) for version in site.versions(made.id)] == [(2, True), (1, False)]
    assert site.version(made.id, 1).recipe == made.recipe
    assert site.difference(made.id, other_version=1).words == "Epochs 3 → 7"
    assert site.difference(made.id, other=copy.id).before.name == copy.name
    back = site.revert(made.id, 1, changed.version)
    assert back.recipe == made.recipe and len(site.versions(made.id)) == 3
    about = site.about(made.id)
    assert [fork.id for fork in about.forks] == [copy.id] and about.versions == 3
    with pytest.raises(PlaygroundError, match="has no version 9"):
        site.version(made.id, 9)


def test_twins_and_sweeps_start_batches_that_are_cancelled(site: Playground) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    offer = next(offer for offer in site.twins(made.id) if offer.kind == "initialisation")
    pair = site.train_twins(made.id, offer.kind, offer.option)
    assert [run.experiment for run in pair.runs] == [made.id, pair.experiment] and pair.batch.waiting == 2
    rates = {"field": "learning_rate", "values": [0.1, 0.01]}
    assert rates["field"] in {field.field for field in site.sweep_form(made.id).fields}
    plan = site.plan_sweep(made.id, [rates], seeds=2)
    assert len(plan.runs) == 4 and plan.batch is None
    assert "nothing" in site.plan_sweep(made.id, [{"field": "nothing", "values": [1]}]).problem
    batch = site.sweep(made.id, [Axis(field="learning_rate", values=[0.1, 0.01])], seeds=2).batch
    assert batch is not None and batch.waiting == 4
    told = [[setting.words for setting in run.settings] for run in site.batch(batch.id).members]
    assert told == [[setting.words for setting in run.settings] for run in plan.runs]
    assert {run.state for run in site.cancel(batch.id).members} == {"stopped"}
    assert site.cancel(pair.batch.id).waiting == 0
