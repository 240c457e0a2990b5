"""A network whose run has ended is kept, and answers as torch does on the same weights and the same image."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from playground.protocol import (
    TELEMETRY,
    Command,
    Finished,
    Forget,
    Gradients,
    Looked,
    Maps,
    Obeyed,
    Order,
    Prediction,
    Remembered,
    decode,
)
from tests.worker.runs import Listener, job
from tests.worker.scripted_site import ScriptedSite, scripted_site
from worker import remembered as kept_module
from worker.agent import Agent
from worker.executors.local import LocalExecutor
from worker.folders import WorkerFolder
from worker.look import Looker
from worker.machine import Machine
from worker.prepare import prepare
from worker.remembered import NetworkFolder
from worker.remembered_network import load
from worker.train import train

PIXELS = np.random.default_rng(3).integers(0, 256, (1, 8, 8), dtype=np.uint8)
DRAWN = Command(kind="probe", image=base64.b64encode(PIXELS.tobytes()).decode())


def trained(folder: Path) -> Listener:
    told = Listener()
    train(job(epochs=2), emit=told, kept=folder)
    return told


def probabilities(tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    run = prepare(job())
    run.network.load_state_dict(tensors)
    run.network.eval()
    image = (torch.from_numpy(PIXELS)[None].float() / 255 - run.data.mean) / run.data.std
    with torch.no_grad():
        return run.network.run(image, ())[0][0].softmax(0)


def test_a_network_is_kept_as_it_was_when_its_run_ended_and_answers_as_torch_does(tmp_path: Path) -> None:
    told = trained(tmp_path)
    kept = load(NetworkFolder(tmp_path).file("test"))
    assert kept.step == told.of(Finished)[0].step
    answers = Listener()
    answers(Looker(kept).answer([Command(kind="watch", layers=("5_dense",)), DRAWN]))
    (prediction,) = answers.of(Prediction)
    expected = probabilities(kept.tensors)
    torch.testing.assert_close(torch.tensor(prediction.probabilities), expected, rtol=1e-4, atol=1e-6)
    assert (prediction.probe, prediction.step) == (-1, kept.step)
    assert {record.layer for record in answers.of(Maps)} == {"5_dense"}
    (gradients,) = answers.of(Gradients)
    assert gradients.target == int(expected.argmax())


def test_an_image_of_the_data_set_gives_what_the_run_said_at_its_end(tmp_path: Path) -> None:
    told = trained(tmp_path)
    answers = Listener()
    answers(Looker(load(NetworkFolder(tmp_path).file("test"))).answer([Command(kind="probe", value=0)]))
    assert answers.of(Prediction)[0].probabilities == pytest.approx(told.of(Prediction)[-1].probabilities, abs=1e-6)


def test_the_oldest_networks_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "MOST_NETWORKS", 2)
    folder = NetworkFolder(tmp_path / "remembered")
    assert folder.runs() == [] and folder.stamp() == 0
    for second, name in enumerate(("a", "b", "c")):
        folder.add(name, b"x")
        os.utime(folder.file(name), (second, second))  # one after the other, whatever the file system's clock
    assert folder.runs() == ["b", "c"]
    monkeypatch.setattr(kept_module, "MOST_BYTES", 3)
    folder.add("d", b"yyy")
    assert folder.runs() == ["d"]
    folder.add("e", b"too large")
    assert folder.runs() == ["d"]


@pytest.mark.parametrize("run", ["../secret", "", "a/b", "x" * 65])
def test_no_id_leaves_the_folder(tmp_path: Path, run: str) -> None:
    with pytest.raises(ValueError, match="is not the id of a run"):
        NetworkFolder(tmp_path).file(run)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    NetworkFolder(tmp_path).add("broken", b"not safetensors")
    with pytest.raises(ValueError, match="is not a network"):
        load(NetworkFolder(tmp_path).file("broken"))


@pytest.fixture
async def site() -> AsyncIterator[ScriptedSite]:
    async with scripted_site() as site:
        yield site


async def test_an_agent_answers_for_an_ended_run_from_one_warm_process(site: ScriptedSite, tmp_path: Path) -> None:
    trained(tmp_path / "remembered")
    executor = LocalExecutor()
    machine = Machine(device="cpu", cuda=False, torch="2.13.0", datasets=["digits"])
    agent = Agent(site.config(tmp_path), WorkerFolder(tmp_path), machine, executor)
    work = asyncio.create_task(agent.run())
    try:
        await site.greet()
        kept, _ = await site.hear()
        assert kept == Remembered(runs=("test",))
        for number in (7, 8):
            await site.tell(Order(run="test", lease=4, number=number, command=DRAWN))
            assert (await site.hear())[0] == Obeyed(run="test", lease=4, number=number)
            told: dict[str, object] = {}
            while "prediction" not in told or "maps" not in told:
                message, records = await site.hear()
                assert isinstance(message, Looked) and (message.run, message.lease) == ("test", 4)
                assert message.count == len(records)
                told |= {found.kind: found for found in (decode(record, TELEMETRY)[0] for record in records) if found}
            prediction = told["prediction"]
            assert isinstance(prediction, Prediction) and prediction.probe == 6 - number
            expected = probabilities(load(NetworkFolder(tmp_path / "remembered").file("test")).tensors)
            torch.testing.assert_close(torch.tensor(prediction.probabilities), expected, rtol=1e-4, atol=1e-6)
        assert len(agent.looks) == 1
        await site.tell(Order(run="unknown", lease=1, number=9, command=DRAWN))
        await site.tell(Forget(runs=("test",)))
        while (await site.hear())[0] != Remembered(runs=()):
            pass
        assert len(agent.looks) == 0
        assert not NetworkFolder(tmp_path / "remembered").has("test")
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        agent.looks.close()
        executor.close()
        for child in executor._jobs.values():
            child.wait()
