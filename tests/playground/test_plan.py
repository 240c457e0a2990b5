"""The flat list of primitives."""

from __future__ import annotations

import pytest

from playground.analysis import analyse
from playground.plan import NotTrainable, fields, plan
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired

DENSE = ("dense", {"units": 10})


def test_composites_are_opened_and_rewired() -> None:
    steps = plan(ZOO["resnet-8"].network).steps
    by_id = {step.id: step for step in steps}
    assert (steps[0].block, steps[-1].block) == ("input", "output")
    assert (steps[0].layer, steps[-1].layer) == (None, None)
    assert by_id["stage2_1/conv1"].inputs == ("stage1_1/out_relu",)
    assert by_id["stage2_1/shortcut"].inputs == ("stage1_1/out_relu",)
    assert by_id["stage2_1/add"].inputs == ("stage2_1/conv2_norm", "stage2_1/shortcut_norm")
    assert by_id["stage2_1/add"].owner == "stage2_1"
    assert by_id["global_avg_pool1"].inputs == ("stage3_1/out_relu",)


@pytest.mark.parametrize("name", [name for name in ZOO if name != "empty"])
def test_steps_come_after_their_inputs_with_names_of_their_own(name: str) -> None:
    steps = plan(ZOO[name].network).steps
    seen: set[str] = set()
    for step in steps:
        assert seen.issuperset(step.inputs)
        seen.add(step.id)
    assert len(seen) == len(steps) == len({step.label for step in steps})
    shapes = {step.id: step.shape for step in steps}
    assert all(tuple(shapes[name] for name in step.inputs) == step.input_shapes for step in steps)
    assert sum(step.parameters for step in steps) == ZOO[name].totals.parameters
    assert sum(step.macs for step in steps) == ZOO[name].totals.macs


@pytest.mark.parametrize("name", [name for name in ZOO if name != "empty"])
def test_the_field_of_every_step_is_what_the_analysis_says_of_it(name: str) -> None:
    network = ZOO[name].network
    analysis = analyse(network, open=[node.id for node in network.nodes])
    stated = {id: node.receptive_field for id, node in analysis.nodes.items()}
    stated |= {inner.id: inner.receptive_field for node in analysis.nodes.values() for inner in node.inside or ()}
    found = fields(plan(network))
    assert found
    for id, (vertical, horizontal) in found.items():
        field = stated[id]
        assert field
        assert field.size == (vertical.last - vertical.first + 1, horizontal.last - horizontal.first + 1)
        assert field.stride == (vertical.stride, horizontal.stride)
        assert field.offset == ((vertical.first + vertical.last) / 2, (horizontal.first + horizontal.last) / 2)


def test_labels_inside_composites_name_their_owner() -> None:
    steps = {step.id: step.label for step in plan(ZOO["resnet-8"].network).steps}
    assert steps["stage2_1/conv1"] == "Residual 2 · Conv 3×3 a"
    assert steps["stage2_1/conv2"] == "Residual 2 · Conv 3×3 b"
    assert steps["conv2d1"] == "Conv 3×3"


def test_groups_in_groups_are_opened_to_the_last() -> None:
    edges = [{"source": "in", "target": "x"}, {"source": "x", "target": "out"}]
    inner = {"nodes": [{"id": "x", "block": "residual_basic", "params": {"filters": 4}}], "edges": edges}
    outer = {"nodes": [{"id": "x", "block": "group", "params": {"network": inner}}], "edges": edges}
    network = chain(i=image(4, 6), g=("group", {"network": outer}), f="flatten", d=DENSE, o="output")
    steps = [step for step in plan(network).steps if step.owner == "g"]
    assert steps[0].id == "g/x/x/conv1"
    assert steps[0].inputs == ("i",)
    assert steps[-1].id == "g/x/x/out_relu"
    for _ in range(3):
        outer = {"nodes": [{"id": "x", "block": "group", "params": {"network": outer}}], "edges": edges}
    with pytest.raises(NotTrainable, match="Groups lie more than 3 deep in one another"):
        plan(chain(i=image(4, 6), g=("group", {"network": outer}), f="flatten", d=DENSE, o="output"))


def test_wires_into_concat_keep_their_order() -> None:
    network = wired("i>b i>a b>k a>k k>f f>d d>o", i=image(1, 6), a="relu", b="tanh", k="concat", f="flatten",
                    d=DENSE, o="output")  # fmt: skip
    steps = {step.id: step for step in plan(network).steps}
    assert steps["k"].inputs == ("b", "a")


def test_what_cannot_train_is_refused_with_every_reason() -> None:
    with pytest.raises(NotTrainable, match=r"second output.*leads nowhere"):
        plan(wired("i>f f>d d>o f>p i>r", i=image(1, 6), f="flatten", d=DENSE, o="output", p="output", r="relu"))
    with pytest.raises(NotTrainable, match="The data has 3 classes"):
        plan(chain(i=image(1, 6), f="flatten", d=DENSE, o="output"), classes=3)


def test_steps_of_auxiliary_heads_are_marked_and_the_output_stays_last() -> None:
    layout = plan(ZOO["googlenet-auxiliary"].network)
    assert layout.steps[-1].block == "output"
    marked = [step.id for step in layout.steps if step.auxiliary]
    head = ["pool", "conv", "relu", "flatten", "dense", "relu", "dropout", "scores", "auxiliary"]
    assert len(marked) == 2 * len(head)
    assert {f"{name}_{end}" for name in head if name != "relu" for end in ("4a", "4d")} < set(marked)
    assert [step.params["weight"] for step in layout.steps if step.block == "auxiliary_output"] == [0.3, 0.3]
    assert not any(step.auxiliary for step in plan(ZOO["googlenet"].network).steps)
