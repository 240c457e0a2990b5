"""Runs are found in pages."""

from __future__ import annotations

import pytest

from playground_client import Playground, PlaygroundError, runs
from tests.webapp.conftest import small_network


def test_a_network_is_saved_and_trained_in_one(site: Playground) -> None:
    begun = site.train(small_network(), {"dataset": "digits"}, name="Mine", notes="why")
    assert (begun.experiment.name, begun.experiment.notes, begun.run.number) == ("Mine", "why", 1)
    assert site.run(begun.run.id).state == "queued"
    assert [run.id for run in site.experiment(begun.experiment.id).runs] == [begun.run.id]


def test_runs_are_found_whatever_the_number_of_pages(site: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAGE", 2)
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    site.sweep(made.id, seeds=5)
    found = site.runs(sort="seed")
    assert [point.seed for point in found] == [1, 2, 3, 4, 5]
    assert [point.seed for point in site.runs(sort="-seed", most=3)] == [5, 4, 3]
    stopped, tagged = found[1].id, found[2].id
    site.stop(stopped)
    assert [point.id for point in site.runs(states=["stopped", "failed"])] == [stopped]
    assert site.tag_run(tagged, ["good one"]).id == tagged
    assert [(tag.name, tag.runs) for tag in site.tags()] == [("good one", 1)]
    assert [point.id for point in site.runs(tag="good one")] == [tagged]
    assert [point.id for point in site.runs(words="mine good")] == [tagged]
    assert len(site.runs("digits", experiment=made.id)) == 5 and site.runs(experiment="another") == []
    with pytest.raises(PlaygroundError, match="cannot be sorted by 'luck'"):
        site.runs(sort="luck")
