"""`python -m worker train`: exports, bare documents and zoo names; clear words for what cannot be used."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from playground.experiment_file import ByHand, RateByHand
from tests.worker.runs import CONVNET, network
from worker.train_command import Replay, main, read_experiment, read_job

QUICK = {"dataset": "digits", "epochs": 1, "device": "cpu"}


def test_an_exported_experiment_trains_and_writes_its_metrics(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "experiment.json", tmp_path / "metrics.csv"
    file.write_text(json.dumps({"network": network(*CONVNET), "recipe": QUICK}))
    assert main([str(file), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "Epoch 1:" in printed and "Test: " in printed
    with out.open() as lines:
        rows = list(csv.DictReader(lines))
    losses = [float(row["value"]) for row in rows if (row["stream"], row["quantity"]) == ("steps", "loss")]
    assert len(losses) == 21
    assert {row["layer"] for row in rows if row["quantity"] == "gradient_rms"} == {"1_conv2d", "5_dense", "7_dense"}


def test_why_a_run_ended_early_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "experiment.json"
    file.write_text(json.dumps({"network": network(*CONVNET), "recipe": QUICK | {"epochs": 9, "target_accuracy": 1}}))
    assert main([str(file)]) == 0
    assert capsys.readouterr().out.count("Target reached: ") == 1


def test_where_a_run_was_gone_on_with_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "experiment.json"
    continued = [{"step": 21, "epochs": 2}]
    file.write_text(json.dumps({"network": network(*CONVNET), "recipe": QUICK, "continued": continued}))
    assert main([str(file)]) == 0
    assert "Gone on with at step 21, to the end of epoch 2." in capsys.readouterr().out


def test_settings_of_the_recipe_can_be_changed_on_the_way(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_text(json.dumps(network(*CONVNET)))
    job = read_job(str(file), ["dataset=digits", "epochs=2", "nesterov=true"])
    assert job.recipe == {"dataset": "digits", "epochs": 2, "nesterov": True}
    assert job.network["name"] == "Test"


def test_a_network_of_the_zoo_brings_its_recipe() -> None:
    job = read_job("LeNet-5", ["epochs=1"])
    assert job.recipe["dataset"] == "mnist" and job.recipe["epochs"] == 1


def test_a_network_for_large_images_is_scaled_to_the_data_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    job = read_job("vgg-16", [])
    assert job.network["nodes"][0]["params"] == {"channels": 3, "height": 32, "width": 32}
    assert "VGG-16, scaled" in capsys.readouterr().out


def test_a_network_of_the_zoo_is_scaled_for_the_data_set_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    job = read_job("vgg-16", ["dataset=digits"])
    assert job.network["nodes"][0]["params"] == {"channels": 1, "height": 8, "width": 8}
    assert (job.recipe["dataset"], job.recipe["epochs"]) == ("digits", 20)
    assert "The 1,317 training images are seen 20 times in place of 5." in capsys.readouterr().out
    assert read_job("vgg-16", ["dataset=digits", "epochs=2"]).recipe["epochs"] == 2


def test_what_was_done_by_hand_is_done_again_before_the_same_steps() -> None:
    rates = (RateByHand(step=7, rate=0.1), RateByHand(step=3, rate=0.2), RateByHand(step=3, rate=0.3))
    replay = Replay(ByHand(rates=rates, stopped=9))

    def due(done: int) -> list[tuple[str, float | None]]:
        replay.on_step(done, 100)
        return [(command.kind, command.value) for command in replay.poll()]

    assert due(2) == []
    assert due(3) == [("learning_rate", 0.2), ("learning_rate", 0.3)]
    assert due(3) == due(6) == []
    assert due(8) == [("learning_rate", 0.1)]
    assert due(9) == [("stop", None)]


EXPERIMENT = {
    "format": 1,
    "network": network(*CONVNET),
    "recipe": QUICK,
    "by_hand": {"rates": [], "stopped": 4},
    "run": {"id": "r", "name": "Net", "number": 3, "created": "", "document": "", "threads": 1, "test_accuracy": 0.125},
}


def test_a_changed_setting_makes_another_experiment(tmp_path: Path) -> None:
    file = tmp_path / "experiment.json"
    file.write_text(json.dumps(EXPERIMENT))
    whole = read_experiment(str(file), [])
    assert whole.by_hand.stopped == 4 and read_job(str(file), []).threads == 1
    changed = read_experiment(str(file), ["seed=5"])
    assert (changed.recipe["seed"], changed.by_hand, changed.run) == (5, ByHand(), None)


def test_another_result_than_the_logged_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "experiment.json"
    file.write_text(json.dumps(EXPERIMENT | {"by_hand": {}, "run": EXPERIMENT["run"] | {"torch": "1.0"}}))
    assert main([str(file)]) == 0
    printed = capsys.readouterr().out
    assert "Run 3 of “Net” logged 12.50%: not the same." in printed
    assert "It was trained with torch 1.0, here " in printed


@pytest.mark.parametrize(
    ("name", "content", "settings", "status", "words"),
    [
        ("nothing.json", None, [], 2, "no file and no network of the zoo"),
        ("text.json", "not json", [], 2, "is not JSON"),
        ("list.json", "[]", [], 2, "holds no object"),
        ("fine.json", json.dumps({"network": network(*CONVNET)}), ["speed=3"], 2, "names no setting of the recipe"),
        (
            "epochs.json",
            json.dumps({"network": network(*CONVNET), "recipe": {"epochs": 0}}),
            [],
            1,
            "Epochs cannot be 0",
        ),
        ("shape.json", json.dumps(network(*CONVNET)), ["dataset=mnist"], 1, "MNIST has 1×28×28"),
        ("empty.json", "{}", [], 1, "input"),
        ("hand.json", json.dumps({"network": {}, "by_hand": {"stopped": "now"}}), [], 2, "by_hand.stopped"),
        ("later.json", json.dumps({"network": {}, "format": 7}), [], 2, "format"),
    ],
)
def test_what_cannot_be_trained_is_said_in_words(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str | None,
    settings: list[str],
    status: int,
    words: str,
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content)
    assert main([str(file), *[part for setting in settings for part in ("--set", setting)]]) == status
    printed = capsys.readouterr()
    assert words in printed.err
    assert "Traceback" not in printed.err + printed.out
