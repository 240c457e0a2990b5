"""What is wrong is told once, on the block where it can be mended, with the value and the way out."""

from __future__ import annotations

import json
import time

import pytest

from playground.analysis import analyse, fixed
from playground.fixes import document
from playground.network import Network, read_network
from playground.recipe import Recipe
from playground.zoo import ZOO
from tests.playground.drawing import chain, errors, image, shape, texts, wired

DENSE = ("dense", {"units": 10})


def test_shapes_costs_and_totals_of_a_small_network() -> None:
    network = chain(
        i=image(1, 28), c=("conv2d", {"filters": 6, "kernel_size": 5, "padding": 2}), f="flatten", d=DENSE, o="output"
    )
    analysis = analyse(network, classes=10)
    assert analysis.notices[0].id == "activations.W002"
    assert analysis.trainable
    conv = analysis.nodes["c"]
    assert (conv.block, conv.label, conv.inputs) == ("conv2d", "Conv 5×5", [[1, 28, 28]])
    assert (conv.shape, conv.parameters, conv.macs, conv.activation_bytes) == ([6, 28, 28], 156, 117_600, 18_816)
    assert conv.weight_bytes == 624
    assert conv.formulas == {
        "shape": "6 filters; (28 + 2·2 − 5) / 1 + 1 = 28",
        "parameters": "5·5·1·6 + 6",
        "macs": "5·5·1·6 · 28·28",
        "activation_bytes": "6·28·28 · 4 bytes",
        "weight_bytes": "156 · 4 bytes",
        "receptive_field": "1 + (5 − 1) · 1 = 5",
    }
    assert conv.receptive_field is not None
    assert (conv.receptive_field.size, conv.receptive_field.stride) == ((5, 5), (1, 1))
    assert analysis.totals.parameters == 156 + 4704 * 10 + 10
    assert analysis.totals.activation_bytes == 4 * (784 + 4704 + 4704 + 10 + 10)
    assert analysis.totals.depth == 2
    assert analysis.order == ["i", "c", "f", "d", "o"]


def test_the_json_has_the_documented_keys() -> None:
    answer = json.loads(analyse(chain(i=image(1, 8), f="flatten", d=DENSE, o="output"), classes=3).model_dump_json())
    assert set(answer) == {"nodes", "order", "totals", "stages", "notices", "trainable"}
    assert set(answer["totals"]) == {
        "parameters", "macs", "activation_bytes", "depth",
        "weight_bytes", "inference_bytes", "training_bytes", "receptive_field", "formulas",
    }  # fmt: skip
    assert set(answer["nodes"]["d"]) == {
        "block", "label", "inputs", "shape", "parameters", "macs", "receptive_field", "activation_bytes",
        "weight_bytes", "formulas", "inside",
    }  # fmt: skip
    assert answer["nodes"]["d"]["receptive_field"] == {"size": [8, 8], "stride": [1, 1], "offset": [3.5, 3.5]}
    assert set(answer["notices"][0]) == {"level", "id", "node", "message", "hint", "fix"}


ONE_FAULT: list[tuple[Network, tuple[str, str | None, str]]] = [
    (
        chain(i=image(1, 4), c=("conv2d", {"kernel_size": 7}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E001", "c",
            "A 7×7 filter does not fit in a 4×4 image. Use padding 2 or a smaller kernel.",
        ),
    ),
    (
        chain(i=image(1, 6), c=("conv2d", {"kernel_size": 3, "dilation": 4}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E001", "c",
            "A 3×3 filter with dilation 4 reaches over 9×9 pixels and does not fit in a 6×6 image."
            " Use padding 2 or less dilation.",
        ),
    ),
    (
        chain(i=image(1, 2), p=("max_pool", {"kernel_size": 5}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E001", "p",
            "A 5×5 window does not fit in a 2×2 image. Use padding 2 or a smaller window.",
        ),
    ),
    (
        chain(i=image(1, 1), p=("max_pool", {"kernel_size": 7}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E001", "p",
            "A 7×7 window does not fit in a 1×1 image. Use padding 3 or a smaller window.",
        ),
    ),
    (
        chain(i=image(1, 8), p=("avg_pool", {"kernel_size": 2, "padding": "same"}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E002", "p",
            'Padding "same" cannot be split evenly around a 2×2 window.'
            " Use an odd window, or give the padding as a number.",
        ),
    ),
    (
        chain(i=image(1, 8), p=("max_pool", {"kernel_size": 3, "padding": 2}), f="flatten", d=DENSE, o="output"),
        ("shape.E003", "p", "Padding 2 is more than half of a 3×3 window. Use at most 1, or a larger window."),
    ),
    (
        chain(i=image(3, 8), c=("conv2d", {"filters": 8, "groups": 2}), f="flatten", d=DENSE, o="output"),
        ("shape.E004", "c", "2 groups do not divide 3 channels in. Use 1 group or a multiple of 2 channels in."),
    ),
    (
        wired(
            "i>a i>b a>s b>s s>f f>d d>o", i=image(1, 34), a=("conv2d", {"filters": 16}),
            b=("conv2d", {"filters": 8, "stride": 2}), s="add", f="flatten", d=DENSE, o="output",
        ),
        (
            "shape.E005", "s",
            "Add needs equal shapes, but gets 16 channels of 32×32 from Conv 3×3 (a)"
            " and 8 channels of 16×16 from Conv 3×3 (b)."
            " Give both branches the same strides and padding, or join them before the image shrinks.",
        ),
    ),
    (
        wired(
            "i>a i>b a>s b>s s>f f>d d>o", i=image(1, 34), a=("conv2d", {"filters": 16}),
            b=("conv2d", {"filters": 8, "stride": 2}), s="concat", f="flatten", d=DENSE, o="output",
        ),
        (
            "shape.E006", "s",
            "Concat needs images of one size, but gets 16 channels of 32×32 from Conv 3×3 (a)"
            " and 8 channels of 16×16 from Conv 3×3 (b)."
            " Give both branches the same strides, and padding that keeps the size.",
        ),
    ),
    (
        chain(i=image(9, 8), s=("pad_shortcut", {"channels": 4}), f="flatten", d=DENSE, o="output"),
        (
            "shape.E007", "s",
            "A padded shortcut cannot take 9 channels down to 4. Use at least 9 channels out, or a projection.",
        ),
    ),
    (
        chain(i=image(1, 8), f="flatten", c="conv2d", d=DENSE, o="output"),
        (
            "shape.E008", "c",
            "Conv 3×3 takes an image, but gets a vector of 64 values."
            " Move it before the block that flattens the image.",
        ),
    ),
    (
        chain(i=image(1, 8), d=DENSE, o="output"),
        ("shape.E009", "d", "Dense 10 takes a vector, but gets 1 channel of 8×8. Insert flatten before Dense 10."),
    ),
    (
        chain(i=image(1, 8), f="flatten", a="add", d=DENSE, o="output"),
        ("wiring.E008", "a", "Add joins at least 2 inputs, but gets 1. Draw another wire to it, or remove it."),
    ),
    (
        wired("i>a i>b a>f b>f f>d d>o", i=image(1, 8), a="relu", b="tanh", f="flatten", d=DENSE, o="output"),
        ("wiring.E009", "f", "Flatten takes 1 input, but gets 2. Join them with add or concat before it."),
    ),
    (
        chain(i=image(1, 8), x="transformer", f="flatten", d=DENSE, o="output"),
        (
            "settings.E001", "x",
            "There is no block named 'transformer'. Choose a block from the palette.",
        ),
    ),
    (
        chain(i=image(1, 8), x="conv2", f="flatten", d=DENSE, o="output"),
        ("settings.E001", "x", "There is no block named 'conv2'. Did you mean 'conv2d'?"),
    ),
    (
        chain(i=image(1, 8), c=("conv2d", {"filters": 0}), f="flatten", d=DENSE, o="output"),
        ("settings.E002", "c", "Channels out of Conv is 0. Use a whole number from 1 to 8192."),
    ),
    (
        chain(i=image(1, 8), f="flatten", p=("dropout", {"p": 1}), d=DENSE, o="output"),
        ("settings.E002", "p", "Share of Dropout is 1. Use a number from 0 to 0.95."),
    ),
    (
        chain(i=image(1, 8), r=("residual_basic", {"shortcut": "magic"}), f="flatten", d=DENSE, o="output"),
        ("settings.E002", "r", "Shortcut of Residual is 'magic'. Use one of: projection, pad, none."),
    ),
    (
        chain(i=image(1, 8), c=("conv2d", {"kernel_size": [3, 0]}), f="flatten", d=DENSE, o="output"),
        (
            "settings.E002", "c",
            "Kernel of Conv is [3, 0]. Use a whole number from 1 to 63, or two of them: [vertical, horizontal].",
        ),
    ),
    (
        chain(i=image(1, 8), c=("conv2d", {"filters": 2.0}), f="flatten", d=DENSE, o="output"),
        ("settings.E002", "c", "Channels out of Conv is 2.0. Use a whole number from 1 to 8192."),
    ),
    (
        chain(i=image(1, 8), c=("conv2d", {"filters": True}), f="flatten", d=DENSE, o="output"),
        ("settings.E002", "c", "Channels out of Conv is true. Use a whole number from 1 to 8192."),
    ),
    (
        chain(i=image(3, 4096), f="flatten", d=DENSE, e=("dense", {"units": 60_000}), o="output"),
        (
            "size.E001", "d",
            "Dense 10 has 503,316,490 parameters; at most 200,000,000 can be trained here."
            " Use fewer channels or units, or shrink the image with pooling first.",
        ),
    ),
    (
        chain(i=image(1, 4096), c=("conv2d", {"filters": 64, "kernel_size": 1}), g="global_avg_pool", f="flatten",
              o="output"),
        (
            "size.E002", "c",
            "1×1 makes 4 GB of values for one image; at most 2 GB fit."
            " Use fewer channels, or shrink the image with a stride or pooling first.",
        ),
    ),
    (
        chain(i=image(64, 2048), c=("conv2d", {"filters": 64, "kernel_size": 63, "padding": 31}), g="global_avg_pool",
              f="flatten", o="output"),
        (
            "size.E003", "c",
            "Conv 63×63 does 68,186,900,791,296 multiply-adds for one image; at most 10,000,000,000,000 are reasonable"
            " here. Use fewer channels, smaller kernels, or shrink the image first.",
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("network", "expected"), ONE_FAULT, ids=[f"{e[0]}-{i}" for i, (_, e) in enumerate(ONE_FAULT)])
def test_a_fault_is_told_once_on_its_block(network: Network, expected: tuple[str, str | None, str]) -> None:
    assert texts(network) == [expected]
    analysis = analyse(network)
    assert not analysis.trainable
    after = analysis.order[analysis.order.index(str(expected[1])) :]
    assert all(shape(analysis, node) is None for node in after)


@pytest.mark.parametrize("network", [network for network, _ in ONE_FAULT])
def test_a_fix_leaves_no_fault_where_it_was(network: Network) -> None:
    (fault,) = errors(network)
    if fault.fix is not None:
        mended = errors(read_network(fault.fix.network))
        assert all((each.id, each.node) != (fault.id, fault.node) for each in mended)


def test_a_wrong_number_of_classes_changes_the_last_dense_layer() -> None:
    network = chain(i=image(1, 8), f="flatten", d=("dense", {"units": 7}), s="softmax", o="output")
    (fault,) = errors(network, classes=10)
    assert fault.message == "The data has 10 classes, but the output gets 7 values from Softmax."
    assert fault.hint == "Set the units of Dense 7 to 10."
    assert fault.fix is not None
    assert fault.fix.label == "Use 10 units"
    assert errors(read_network(fault.fix.network), classes=10) == []


def test_without_a_dense_layer_at_the_end_the_fix_adds_one() -> None:
    network = chain(i=image(1, 8), f="flatten", o="output")
    (fault,) = errors(network, classes=10)
    assert (fault.id, fault.node) == ("head.E001", "o")
    assert fault.fix is not None
    assert fault.fix.label == "Insert dense 10"
    assert analyse(read_network(fault.fix.network), classes=10).trainable


def test_an_image_at_the_output_is_mended_in_two_presses() -> None:
    network = chain(i=image(1, 8), c="conv2d", o="output")
    for expected in ("Insert flatten", "Insert dense 10"):
        (fault,) = errors(network, classes=10)
        assert fault.fix is not None
        assert fault.fix.label == expected
        network = read_network(fault.fix.network)
    assert analyse(network, classes=10).trainable


def test_setting_faults_behind_another_fault_are_told_too() -> None:
    network = chain(i=image(1, 4), c=("conv2d", {"kernel_size": 9}), d=("dense", {"units": 0}), o="output")
    assert [(each.id, each.node) for each in errors(network)] == [("shape.E001", "c"), ("settings.E002", "d")]


def test_composites_name_the_inner_block() -> None:
    network = chain(i=image(1, 8), f="flatten", r="residual_basic", d=DENSE, o="output")
    assert [each.node for each in errors(network)] == ["r"]
    inner = {
        "nodes": [{"id": "wide", "block": "conv2d", "params": {"kernel_size": 9}}],
        "edges": [{"source": "in", "target": "wide"}, {"source": "wide", "target": "out"}],
    }
    network = chain(i=image(1, 4), g=("group", {"name": "Stem", "network": inner}), f="flatten", d=DENSE, o="output")
    (fault,) = errors(network)
    assert (fault.id, fault.node) == ("group.E008", "g")
    assert fault.message == "Inside Stem, at 'wide': A 9×9 filter does not fit in a 4×4 image."


def test_opened_composites_list_their_inside() -> None:
    network = chain(i=image(3, 8), r=("residual_basic", {"filters": 8, "stride": 2}), g="global_avg_pool", f="flatten",
                    d=DENSE, o="output")  # fmt: skip
    assert analyse(network).nodes["r"].inside is None
    node = analyse(network, open=["r"]).nodes["r"]
    assert node.inside is not None
    assert sum(inner.parameters for inner in node.inside) == node.parameters
    assert sum(inner.macs for inner in node.inside) == node.macs
    assert sum(inner.activation_bytes for inner in node.inside) == node.activation_bytes
    assert node.inside[-1].shape == node.shape
    assert node.inside[-1].receptive_field == node.receptive_field
    assert [inner.id for inner in node.inside][:2] == ["r/conv1", "r/conv1_norm"]
    assert node.inside[0].inputs == ["in"]
    assert [inner.label for inner in node.inside if inner.block == "conv2d"] == ["Conv 3×3 a", "Conv 3×3 b", "1×1"]


def test_what_is_inside_tells_what_a_chart_of_volumes_needs() -> None:
    network = chain(i=image(3, 8), r=("residual_basic", {"filters": 8, "stride": 2}), f="flatten", d=DENSE, o="output")
    inside = analyse(network, open=["r"]).nodes["r"].inside
    assert inside
    shapes = {"in": [3, 8, 8]} | {inner.id: inner.shape for inner in inside}
    assert [shapes[inner.inputs[0]] for inner in inside][:2] == [[3, 8, 8], [8, 4, 4]]
    conv = inside[0]
    assert (conv.shape, conv.weight_bytes) == ([8, 4, 4], 4 * 3 * 3 * 3 * 8)
    assert conv.formulas["shape"] == "8 filters; (8 + 2·1 − 3) / 2 + 1 = 4, rounded down"
    assert conv.formulas["receptive_field"] == "1 + (3 − 1) · 1 = 3"


def test_stages_are_summed_in_the_order_of_their_first_blocks() -> None:
    """The second stage splits in two; the longer way counts, and the block that leads out of it has its shape."""
    network = wired(
        "i>a a>b a>c c>e b>k e>k k>g g>f f>d d>o", i=image(1, 8), a=("conv2d", {"filters": 4, "padding": 1}),
        b=("conv2d", {"filters": 4, "padding": 1}), c=("conv2d", {"filters": 4, "padding": 1}),
        e=("conv2d", {"filters": 4, "padding": 1}), k="concat", g="global_avg_pool", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    stage_of = {"a": "Stem", "b": "Body", "c": "Body", "e": "Body", "k": "Body", "d": "Head", "o": "Head"}
    data = document(network)
    data["nodes"] = [
        {**node, **({"stage": stage_of[node["id"]]} if node["id"] in stage_of else {})} for node in data["nodes"]
    ]
    analysis = analyse(read_network(data))
    stem, body, head = analysis.stages
    assert [(each.name, each.nodes) for each in analysis.stages] == [
        ("Stem", ["a"]), ("Body", ["b", "c", "e", "k"]), ("Head", ["d", "o"]),
    ]  # fmt: skip
    assert [each.depth for each in analysis.stages] == [1, 2, 1]
    assert [each.shape for each in analysis.stages] == [[4, 8, 8], [8, 8, 8], [10]]
    assert body.parameters == sum(analysis.nodes[node].parameters for node in body.nodes) == 3 * 148
    assert body.formulas["parameters"] == "3 · 148"
    assert (stem.weight_bytes, head.macs) == (160, 80)
    assert analyse(network).stages == []


def test_the_training_recipe_changes_what_training_takes_and_nothing_else() -> None:
    network = chain(i=image(1, 8), f="flatten", d=DENSE, o="output")
    weights = 4 * 650
    outputs = 4 * (64 + 64 + 10 + 10)
    taken = {}
    for optimiser, momentum, kept in [
        ("sgd", 0.0, 0), ("sgd", 0.9, 1), ("rmsprop", 0.0, 1), ("rmsprop", 0.9, 2), ("adam", 0.9, 2), ("adamw", 0.0, 2),
    ]:  # fmt: skip
        recipe = Recipe(optimiser=optimiser, momentum=momentum, batch_size=8)
        totals = analyse(network, recipe=recipe).totals
        assert totals.training_bytes == 8 * outputs + (2 + kept) * weights
        taken[totals.training_bytes] = totals.inference_bytes
    assert set(taken.values()) == {4 * (64 + 64)}
    assert analyse(network).totals == analyse(network, recipe=Recipe()).totals


def test_the_receptive_field_of_a_network_is_that_of_its_last_image() -> None:
    conv = ("conv2d", {"filters": 4, "padding": 1})
    network = chain(i=image(1, 8), a=conv, b=conv, g="global_avg_pool", c=("conv2d", {"kernel_size": 1}), f="flatten",
                    d=DENSE, o="output")  # fmt: skip
    assert analyse(network).totals.receptive_field == (5, 5)
    assert analyse(chain(i=image(1, 8), f="flatten", d=DENSE, o="output")).totals.receptive_field is None


def test_equal_blocks_are_told_apart_by_what_is_before_them() -> None:
    """Answers are remembered: not with the label or the field of an equal block elsewhere."""
    conv = ("conv2d", {"filters": 1, "padding": 1})
    network = chain(i=image(1, 8), a=conv, b=conv, f="flatten", d=DENSE, o="output")
    nodes = analyse(network).nodes
    assert [nodes[name].receptive_field.size[0] for name in "ab" if nodes[name].receptive_field] == [3, 5]
    named = document(network)
    named["nodes"][1]["label"] = "First"
    nodes = analyse(read_network(named)).nodes
    assert (nodes["a"].label, nodes["b"].label) == ("First", "Conv 3×3")


def test_users_labels_stand_in_messages() -> None:
    document = {
        "nodes": [
            {"id": "i", "block": "input"},
            {"id": "a", "block": "relu", "label": "Gate"},
            {"id": "o", "block": "output"},
        ],
        "edges": [{"source": "i", "target": "a"}],
    }
    assert "Gate leads nowhere." in [each.message for each in errors(read_network(document))]
    assert analyse(read_network(document)).nodes["a"].label == "Gate"


LIMIT = 0.03
"""Seconds of processor time: three times what the benchmark allows on a quiet machine, because tests share theirs."""


def test_resnet_152_is_analysed_while_one_types() -> None:
    assert _best(ZOO["resnet-152"].network) < LIMIT


def test_a_flat_network_of_five_hundred_blocks_is_analysed_while_one_types() -> None:
    conv = ("conv2d", {"filters": 8, "padding": 1})
    blocks = {f"b{index}": conv if index % 2 else "relu" for index in range(500)}
    network = chain(i=image(8, 32), **blocks, f="flatten", d=DENSE, o="output")
    assert len(errors(network)) == 0
    assert _best(network) < LIMIT


def _best(network: Network) -> float:
    analyse(network)
    return min(_seconds(network) for _ in range(20))


def _seconds(network: Network) -> float:
    start = time.process_time()
    analyse(network)
    return time.process_time() - start


def test_many_notices_are_answered_with_few_documents_and_the_others_are_made_when_asked_for() -> None:
    blocks = {f"c{index}": ("conv2d", {"filters": 8, "padding": 1}) for index in range(120)}
    network = chain(i=image(1, 8), **blocks, f="flatten", d=DENSE, o="output")
    notices = [each for each in analyse(network).notices if each.fix]
    carried = [each for each in notices if each.fix and each.fix.network]
    assert len(notices) > 100
    assert 0 < len(carried) < 10
    last = notices[-1]
    changed = fixed(network, last.id, last.node)
    assert changed and changed.before and changed.after
    made = analyse(read_network(changed.network))
    assert (last.id, last.node) not in {(each.id, each.node) for each in made.notices}
    first = carried[0]
    assert first.fix is not None
    assert fixed(network, first.id, first.node) == first.fix


def test_there_is_no_fix_for_a_notice_that_is_not_there() -> None:
    assert fixed(chain(i=image(1, 8), f="flatten", d=DENSE, o="output"), "wiring.E005", "d") is None


def test_an_input_of_another_size_than_the_data_is_set_in_one_press() -> None:
    network = chain(i=image(1, 28), f="flatten", d=DENSE, o="output")
    assert [each.id for each in analyse(network, images=(1, 28, 28)).notices if each.level == "error"] == []
    analysis = analyse(network, images=(3, 32, 32))
    (fault,) = [each for each in analysis.notices if each.level == "error"]
    assert (fault.id, fault.node) == ("data.E001", "i")
    assert fault.message == "The images of the data have 3 channels of 32×32, but Input takes 1 channel of 28×28."
    assert fault.fix is not None
    assert analyse(read_network(fault.fix.network), images=(3, 32, 32)).trainable


def test_an_unknown_block_that_stands_somewhere_is_a_notice() -> None:
    network = read_network({"nodes": [{"id": "a", "block": "nonsense", "position": {"x": 0.0, "y": 1.0}}], "edges": []})
    assert any("There is no block named 'nonsense'" in notice.message for notice in analyse(network).notices)
