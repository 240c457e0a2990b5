"""Every file of a run, opened by what it is for."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import onnx
import pytest
from safetensors.numpy import load_file

from playground_client import Playground, PlaygroundError
from tests.webapp.conftest import LiveSite, small_network


def test_files_of_a_run_come_to_the_disk(site: Playground, live_site: LiveSite, tmp_path: Path) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    code = (
        "from tests.webapp.things import ended_run; from webapp.experiments.models import Experiment\n"
        f"print(ended_run(Experiment.objects.get(pk='{made.id}')).pk)"
    )
    run = live_site.python(code).strip()
    assert all(offer.blocked is None for offer in site.takeaways(run) if offer.id != "csv-training")
    weights = site.save_weights(run, tmp_path)
    assert weights == tmp_path / "mine-run-99.safetensors"
    assert {name: tensor.shape for name, tensor in load_file(weights).items()} == {
        "classifier.1.weight": (10, 64),
        "classifier.1.bias": (10,),
    }
    with zipfile.ZipFile(site.save_code(run, tmp_path)) as archive:
        assert "mine-run-99/evaluate.py" in archive.namelist()
    compile(site.save_code(run, tmp_path, weights=False).read_text(), "evaluate.py", "exec")
    onnx.checker.check_model(onnx.load(site.save_onnx(run, tmp_path / "other name.onnx")))
    assert json.loads(site.save_experiment(run, tmp_path).read_text())["run"]["id"] == run
    lines = site.save_table(run, "validation", tmp_path).read_text().splitlines()
    assert lines[0].startswith("step,attempt,loss") and len(lines) == 2
    assert len(json.loads(site.save_metrics(run, tmp_path).read_text())["streams"]["steps"]["rows"]) == 100
    assert zipfile.is_zipfile(site.save_tensorboard(run, str(tmp_path)))
    assert "<svg" in site.save_report(run, tmp_path).read_text()
    assert not list(tmp_path.glob("*.part")) and len(list(tmp_path.iterdir())) == 9
    queued = site.start(made.id)
    with pytest.raises(PlaygroundError, match="The run has not ended") as refused:
        site.save_weights(queued.id, tmp_path / "none")
    assert refused.value.status == 409 and not (tmp_path / "none").exists()
    compared = site.compare([run, queued.id, "gone"])
    assert [each.id for each in compared.runs] == [run, queued.id] and [each.id for each in compared.missing] == [
        "gone"
    ]
    (curve, none) = site.curves([run, queued.id], "validation")
    assert (curve.run, curve.steps, curve.series("accuracy")) == (run, [100], [0.75]) and none.steps == []
    (profile, _) = site.profiles([run, queued.id]).profiles
    assert profile.run == run and [layer.id for layer in profile.layers] == ["c1", "head"]
