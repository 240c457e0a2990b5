"""Steps that are recorded and played again are the plain loop's to the last bit, and so is all that is told of them.

Here the recording is the work itself, done anew (PLAYGROUND_GRAPHS=plain); with real CUDA graphs: test_cuda.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from playground.protocol import Command, Event, Finished, Histogram, Job, Rows, Units
from tests.worker import test_train
from tests.worker.runs import CONVNET, STEADY, Layer, Listener, Script, job
from tests.worker.test_train import job_with_heads
from worker import checkpoint, device, probes, recorder
from worker.failure import Failure
from worker.probes import PROBES, Moment, Probe
from worker.probes.activations import ActivationProbe
from worker.recording import Repeated
from worker.remembered_network import load
from worker.train import train
from worker.train_command import read_job

EXACT = 0.0625
"""A rate that float32 and a Python number have alike."""
SMOOTH: tuple[Layer, ...] = (("flatten", {}), ("dense", {"units": 16}), ("tanh", {}), ("dense", {"units": 10}))


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_GRAPHS", "plain")


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> list[Repeated[object]]:
    """Each play of a recording, by the recording."""
    played: list[Repeated[object]] = []

    class Counted(Repeated[object]):
        def play(self) -> object:
            played.append(self)
            return super().play()

    monkeypatch.setattr(device, "Repeated", Counted)
    return played


def weights(job: Job, folder: Path, **options: object) -> tuple[dict[str, torch.Tensor], Listener]:
    """Of the network at the end, and what was told on the way."""
    listener = Listener()
    train(job, emit=listener, kept=folder, **options)  # type: ignore[arg-type]
    (kept,) = [path for path in folder.rglob("*") if path.is_file()]
    return load(kept).tensors, listener


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("graphs", ["plain", "off"])
@pytest.mark.parametrize(
    "wanted",
    [
        job(*STEADY, epochs=3, learning_rate=EXACT),
        job(*STEADY, epochs=2, learning_rate=EXACT / 16, optimiser="adam", augment="shift"),
        job(*STEADY, epochs=2, learning_rate=EXACT / 16, optimiser="rmsprop", precision="bfloat16"),
        job_with_heads(learning_rate=EXACT / 16, batch_size=128),
    ],
    ids=["sgd", "adam, shifted images", "rmsprop, bfloat16", "auxiliary heads"],
)
def test_weights_and_curves_are_those_of_the_plain_loop(
    wanted: Job, graphs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, told = weights(wanted, tmp_path / "plain")
    monkeypatch.setenv("PLAYGROUND_GRAPHS", graphs)
    monkeypatch.setattr("worker.prepare.stays_there", lambda device: True)
    ours, said = weights(wanted, tmp_path / "ours")
    assert same(plain, ours)
    for quantity in ("loss", "accuracy", "learning_rate"):
        for one, other in zip(told.series("steps", quantity), said.series("steps", quantity), strict=True):
            assert one.tobytes() == other.tobytes()
    first = next(iter(plain)).removesuffix(".weight")
    assert first
    assert told.of(Finished)[0].model_dump(exclude={"seconds"}) == said.of(Finished)[0].model_dump(exclude={"seconds"})


def test_both_recordings_are_played_and_what_is_due_decides(recorded: None, plays: list[Repeated[object]]) -> None:
    told = Listener()
    train(job(*CONVNET, epochs=15), emit=told)
    counts = Counter(plays)
    sampled = sum(rows.count for rows in told.of(Rows) if rows.stream == "layers")
    assert len(counts) == 2
    assert sum(counts.values()) == 15 * 20 - 3  # the last of an epoch's 21 steps is smaller; three are the warm-up
    fewer, more = sorted(counts.values())
    assert 0 < fewer <= sampled < more


def test_every_figure_of_a_played_step_is_the_plain_loop_s(recorded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a row of the layers' table at each step, on either way."""
    monkeypatch.setattr(recorder, "LAYERS_HERTZ", 1e9)
    monkeypatch.setattr(recorder, "LAYERS_SHARE", 1e9)
    wanted = job(*CONVNET, epochs=2, learning_rate=EXACT, dead_window=5, initialisation="small_normal")
    ours = Listener()
    train(wanted, emit=ours)
    monkeypatch.setenv("PLAYGROUND_GRAPHS", "")
    plain = Listener()
    train(wanted, emit=plain)
    for quantity, layer in (
        ("gradient_rms", "1_conv2d"), ("gradient_rms", "7_dense"),
    ):  # fmt: skip
        one, other = plain.series("steps", quantity, layer), ours.series("steps", quantity, layer)
        assert np.array_equal(one[0], other[0])
        np.testing.assert_allclose(other[1], one[1], rtol=1e-5)
    for quantity, layer in (
        ("weight_l2", "1_conv2d"), ("gradient_l2", "5_dense"), ("gradient_mean", "7_dense"),
        ("update_ratio", "1_conv2d"), ("zero_fraction", "2_relu"), ("activation_mean", "6_relu"),
        ("activation_std", "input"),
    ):  # fmt: skip
        one, other = plain.series("layers", quantity, layer), ours.series("layers", quantity, layer)
        assert np.array_equal(one[0], other[0]), quantity
        np.testing.assert_allclose(other[1], one[1], rtol=1e-5, err_msg=quantity)
    one, other = plain.series("layers", "dead", "6_relu"), ours.series("layers", "dead", "6_relu")
    assert one[1][-1] > 0
    np.testing.assert_array_equal(other[1][1:], one[1][:-1])  # a window's end is known here a step later
    units = [{told.layer: payload for told, payload in listener.with_payload(Units)} for listener in (plain, ours)]
    assert len(units[0]) == 2 and units[0] == units[1]  # the last of each layer, whenever it was sent


def test_pictures_of_outputs_and_gradients_are_of_the_step_that_was_played(
    recorded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from worker.probes.histograms import HistogramProbe

    monkeypatch.setattr(HistogramProbe, "hertz", 1e9)
    monkeypatch.setattr(HistogramProbe, "share", 1e9)
    monkeypatch.setattr("worker.probes.histograms.TURN_SECONDS", 1e9)
    wanted = job(*CONVNET, learning_rate=EXACT)
    ours, plain = Listener(), Listener()
    train(wanted, emit=ours)
    monkeypatch.setenv("PLAYGROUND_GRAPHS", "")
    train(wanted, emit=plain)
    found = [
        {(one.layer, one.of, one.step): (one, payload) for one, payload in listener.with_payload(Histogram)}
        for listener in (plain, ours)
    ]
    assert len(found[0]) > 100 and found[0] == found[1]


@pytest.mark.parametrize(
    "story",
    [
        test_train.test_a_run_tells_every_step_and_ends_with_the_test_set,
        test_train.test_the_last_pictures_are_of_the_final_weights,
        test_train.test_the_first_packet_is_sent_before_the_first_step_and_the_second_after_it,
        test_train.test_stop_ends_the_run_within_a_step_with_what_is_known,
        test_train.test_pause_single_steps_and_resume_take_effect_within_a_step,
        test_train.test_a_paused_run_answers_a_change_of_layers_and_of_the_probe_image,
        test_train.test_a_rate_set_by_hand_holds_from_the_next_step_on,
        test_train.test_a_loss_that_is_no_number_names_the_layer,
        test_train.test_progress_says_how_much_of_the_time_telemetry_took,
    ],
)
def test_the_stories_of_the_plain_loop_hold(story: Callable[[], None], recorded: None) -> None:
    story()


def test_watching_changes_no_bit(recorded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    test_train.test_a_probe_or_a_pause_changes_no_bit_of_the_curve(monkeypatch)


@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop"])
def test_a_step_that_breaks_is_named_with_its_layer_however_late_it_is_noticed(
    optimiser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep: tuple[Layer, ...] = (("flatten", {}), *[("dense", {"units": 30})] * 12, ("dense", {"units": 10}))
    wanted = job(*deep, learning_rate=64.0, epochs=3, optimiser=optimiser)
    failures, told, done = [], [], []
    for graphs in ("", "plain"):
        monkeypatch.setenv("PLAYGROUND_GRAPHS", graphs)
        monkeypatch.setattr(recorder, "EARLY_PACKET_SECONDS", 1e9)  # the rows leave at the end of the epoch
        told.append(Listener())
        steps: list[int] = []
        with pytest.raises(Failure) as caught:
            train(wanted, emit=told[-1], on_step=lambda step, total, steps=steps: steps.append(step))
        failures.append(caught.value)
        done.append(steps[-1])
    plain, ours = failures
    assert (ours.code, ours.message, ours.layer) == (plain.code, plain.message, plain.layer)
    assert done[0] == done[1]
    (steps, loss), (others, losses) = (listener.series("steps", "loss") for listener in told)
    assert steps.tolist() == others.tolist() and loss.tobytes() == losses.tobytes()


def test_nothing_is_saved_of_steps_after_one_that_broke(
    recorded: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recorder, "EARLY_PACKET_SECONDS", 1e9)
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    linear = (("flatten", {}), ("dense", {"units": 30}), ("dense", {"units": 30}), ("dense", {"units": 10}))
    told = Listener()
    with pytest.raises(Failure):
        train(job(*linear, learning_rate=64.0, epochs=3), emit=told, checkpoints=tmp_path)
    steps, _ = told.series("steps", "loss")
    from worker.prepare import prepare

    wanted = job(*linear, learning_rate=64.0, epochs=3)
    run = prepare(wanted)
    stood = checkpoint.CheckpointStore(tmp_path, wanted).load(run.network, run.optimiser, run.device)
    assert stood is not None and stood.step <= steps[-1]
    assert all(bool(weight.isfinite().all()) for weight in run.network.parameters())


def test_a_run_goes_on_from_its_checkpoint_to_the_same_end(
    recorded: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    recipe = {"epochs": 3, "optimiser": "adam", "learning_rate": EXACT / 16, "augment": "shift", "dead_window": 7}
    whole, _ = weights(job(*STEADY, **recipe), tmp_path / "whole")

    class Killed(BaseException):
        pass

    def die(step: int, total: int) -> None:
        if step == 30:
            raise Killed

    with pytest.raises(Killed):
        train(job(*STEADY, **recipe), emit=len, checkpoints=tmp_path / "cut", on_step=die)
    parts, _ = weights(job(*STEADY, attempt=2, **recipe), tmp_path / "again", checkpoints=tmp_path / "cut")
    assert same(whole, parts)


def test_a_network_that_cannot_be_recorded_trains_all_the_same_and_says_so(
    recorded: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Refused(Repeated[object]):
        def __init__(self, work: Callable[[], object]) -> None:
            work_begins = "operation not permitted when stream is capturing\nwith a long trace"
            raise RuntimeError(work_begins)

    plain, _ = weights(job(*STEADY, learning_rate=EXACT), tmp_path / "recorded")
    monkeypatch.setattr(device, "Repeated", Refused)
    ours, told = weights(job(*STEADY, learning_rate=EXACT), tmp_path / "refused")
    assert same(plain, ours)
    warnings = [event.message for event in told.of(Event) if event.name == "warning"]
    assert warnings == [
        f"{which} are launched kernel by kernel, which is slower: this network's cannot be recorded as a CUDA graph "
        "(operation not permitted when stream is capturing)."
        for which in ("Steps that are looked into", "Steps")
    ]


def test_a_probe_that_cannot_be_recorded_is_named_and_only_its_steps_are_launched_one_by_one(
    recorded: None, plays: list[Repeated[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ActivationProbe, "recorded", False)
    told = Listener()
    train(job(*CONVNET, epochs=2), emit=told)
    (warning,) = [event.message for event in told.of(Event) if event.name == "warning"]
    assert warning == (
        "Steps that are looked into are launched kernel by kernel, which is slower: ActivationProbe cannot be part of "
        "a recorded step."
    )
    assert len(set(plays)) == 1
    assert np.isfinite(told.series("layers", "zero_fraction", "2_relu")[1]).all()


def test_probes_say_whether_they_can_be_recorded_where_they_take_part_in_a_step() -> None:
    hooks = ("each_output", "sample_output", "each_step", "before_sample")
    silent = [
        kind.__name__
        for kind in PROBES
        if kind.__module__.startswith(probes.__name__)
        and not kind.recorded
        and any(getattr(kind, hook) is not getattr(Probe, hook) for hook in hooks)
    ]
    assert silent == []


def test_rows_of_a_run_arrive_during_it_and_not_only_at_its_end(recorded: None) -> None:
    counts: list[int] = []
    told = Listener(lambda message: counts.append(message.count) if isinstance(message, Rows) else None)
    train(job(*SMOOTH, epochs=20), emit=told, control=Script({200: [Command(kind="learning_rate", value=0.01)]}))
    assert len(counts) > 20


def test_a_moment_of_a_played_step_has_its_number(recorded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    plain = recorder.Recorder.after_update

    def look(self: recorder.Recorder, moment: Moment) -> None:
        seen.append(moment.step)
        plain(self, moment)

    monkeypatch.setattr(recorder.Recorder, "after_update", look)
    train(job(epochs=2), emit=len)
    assert seen == list(range(42))


ASKS_THE_HOST = {
    torch.ops.aten._local_scalar_dense.default: "a number is asked for",
    torch.ops.aten.lift_fresh.default: "a tensor is made of the host's numbers",
    torch.ops.aten.scalar_tensor.default: "a tensor is made of a number of the host's",
    torch.ops.aten.nonzero.default: "the shape follows from the values",
    torch.ops.aten.masked_select.default: "the shape follows from the values",
    torch.ops.aten._unique2.default: "the shape follows from the values",
    torch.ops.aten.equal.default: "the host is told whether values are equal",
}
"""What a CUDA graph cannot hold, as operators of torch."""
PICKS = {torch.ops.aten.index.Tensor, torch.ops.aten.index_put_.default}


class OnTheDeviceAlone(TorchDispatchMode):
    """Refuses what would make the host and the device wait for each other."""

    def __torch_dispatch__(
        self, operator: Any, types: Any, arguments: Any = (), keywords: dict[str, Any] | None = None
    ) -> Any:
        if operator in ASKS_THE_HOST:
            raise AssertionError(f"{operator}: {ASKS_THE_HOST[operator]}")
        if operator in PICKS and any(index is not None and index.dtype == torch.bool for index in arguments[1]):
            raise AssertionError(f"{operator}: a mask picks, so that the shape follows from the values")
        return operator(*arguments, **(keywords or {}))


def test_that_refusal_notices_what_a_graph_cannot_hold() -> None:
    x = torch.ones(3)
    for breaks in (
        lambda: x.sum().item(),
        lambda: bool((x > 0).all()),
        lambda: x[x > 0],
        lambda: torch.tensor([1.0]),
        lambda: torch.where(x > 0, 0.0, x),
    ):
        with pytest.raises(AssertionError), OnTheDeviceAlone():
            breaks()


EVERY_OTHER_BLOCK: tuple[Layer, ...] = (
    ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}),
    ("sigmoid", {"L": 2.0}),
    ("depthwise_conv2d", {"kernel_size": 3, "padding": 1}),
    ("step", {}),
    ("swish", {}),
    ("leaky_relu", {}),
    ("linear_activation", {"c": 2.0}),
    ("avg_pool", {"kernel_size": 2, "stride": 2}),
    ("flatten", {}),
    ("dense", {"units": 12}),
    ("tanh", {}),
    ("dense", {"units": 10}),
    ("softmax", {}),
)


@pytest.mark.parametrize(
    ("network", "precision"),
    [
        ("lenet-5", "float32"),
        ("alexnet", "float32"),
        ("googlenet-auxiliary", "float32"),
        ("resnet-20", "bfloat16"),
        ("resnet-50", "float32"),
        ("other blocks", "bfloat16"),
    ],
)
def test_a_recorded_step_is_work_for_the_device_alone(
    network: str, precision: str, recorded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that CUDA can record it: shown here by the operators that torch is asked for, in both recordings."""
    asked: list[object] = []

    class Strict(Repeated[Any]):
        def play(self) -> Any:
            asked.append(self)
            with OnTheDeviceAlone():
                return super().play()

    monkeypatch.setattr(device, "Repeated", Strict)
    monkeypatch.setattr(recorder, "LAYERS_SHARE", 1e9)
    settings = ["dataset=digits", "device=cpu", "batch_size=8", f"precision={precision}", "augment=shift_flip"]
    wanted = (
        read_job(network, settings)
        if network != "other blocks"
        else job(*EVERY_OTHER_BLOCK, batch_size=8, precision=precision)
    )
    train(wanted, emit=len, control=Script({9: [Command(kind="stop")]}))
    assert len(asked) == 5
