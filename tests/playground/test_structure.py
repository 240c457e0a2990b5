"""Faults of the wiring as a whole."""

from __future__ import annotations

from playground.analysis import analyse
from playground.network import Network, read_network
from tests.playground.drawing import chain, errors, image, texts, wired

DENSE = ("dense", {"units": 10})


def mended(network: Network, label: str) -> Network:
    fix = next(each.fix for each in errors(network) if each.fix and each.fix.label == label)
    return read_network(fix.network)


def test_an_empty_network() -> None:
    assert texts(Network()) == [
        ("wiring.E001", None, "The network is empty. Add an input and an output, then blocks.")
    ]  # fmt: skip


def test_a_missing_input_and_its_fix() -> None:
    network = chain(f="flatten", d=DENSE, o="output")
    assert texts(network) == [
        (
            "wiring.E001", None,
            "The network has no input block. Add one and draw a wire from it to the first block.",
        )
    ]  # fmt: skip
    assert analyse(mended(network, "Add an input")).trainable


def test_two_inputs() -> None:
    network = wired("i>a j>a a>f f>d d>o", i=image(1, 8), j=image(1, 8), a="add", f="flatten", d=DENSE, o="output")
    assert texts(network) == [
        (
            "wiring.E002", "j",
            "Input (j) is a second input beside Input (i); a network has one."
            " Remove it, and draw its wires from the first input.",
        )
    ]  # fmt: skip


def test_a_missing_output_and_its_fix() -> None:
    network = chain(i=image(1, 8), f="flatten", d=DENSE)
    assert texts(network) == [
        ("wiring.E003", None, "The network has no output block. Add one and draw a wire to it from the last block.")
    ]
    assert analyse(mended(network, "Add an output")).trainable


def test_two_outputs_and_the_fix() -> None:
    network = wired("i>f f>d d>o f>e e>p", i=image(1, 8), f="flatten", d=DENSE, e=DENSE, o="output", p="output")
    assert texts(network) == [
        (
            "wiring.E004", "p",
            "Output (p) is a second output beside Output (o); a network has one."
            " Remove it, or join the branches with add or concat before one output.",
        )
    ]  # fmt: skip


def test_a_cycle_names_its_blocks_and_what_follows_is_silent() -> None:
    network = wired(
        "i>a a>b b>c c>a c>f f>d d>o", i=image(1, 8), a="add", b="relu", c="tanh", f="flatten", d=DENSE, o="output"
    )
    ((id, node, text),) = texts(network)
    assert (id, node) == ("wiring.E005", "b")
    assert text == (
        "The wires run in a circle: ReLU → Tanh → Add → ReLU. Remove one of these wires: values must flow one way."
    )
    assert [each.shape for each in analyse(network).nodes.values()] == [[1, 8, 8], None, None, None, None, None, None]


def test_a_block_that_feeds_itself() -> None:
    network = wired("i>f f>f f>d d>o", i=image(1, 8), f="flatten", d=DENSE, o="output")
    assert texts(network)[0][2].startswith("The wires run in a circle: Flatten feeds itself.")


def test_two_cycles_are_both_told() -> None:
    network = wired("i>f f>d d>o a>b b>a p>q q>p", i=image(1, 8), f="flatten", d=DENSE, o="output",
                    a="relu", b="tanh", p="swish", q="step")  # fmt: skip
    assert [each[0] for each in texts(network)] == ["wiring.E005", "wiring.E005"]


def test_a_block_without_input() -> None:
    network = wired("i>f f>d d>o r>f", i=image(1, 8), r="relu", f="flatten", d=DENSE, o="output")
    told = ("wiring.E006", "r", "ReLU gets no input. Draw a wire to it from the block before it, or remove it.")
    assert told in texts(network)


def test_a_block_that_leads_nowhere_and_its_fix() -> None:
    network = wired("i>f f>d d>o i>r", i=image(1, 8), r="relu", f="flatten", d=DENSE, o="output")
    assert texts(network) == [
        ("wiring.E007", "r", "ReLU leads nowhere. Draw a wire from it to the next block, or remove it.")
    ]
    assert analyse(mended(network, "Remove it")).trainable


def test_a_block_with_no_wire_is_told_once() -> None:
    network = wired("i>f f>d d>o", i=image(1, 8), r="relu", f="flatten", d=DENSE, o="output")
    assert texts(network) == [
        (
            "wiring.E006", "r",
            "ReLU is not connected to anything. Draw a wire to it from the block before it, or remove it.",
        )
    ]  # fmt: skip


def test_a_wire_behind_the_output() -> None:
    network = wired("i>f f>d d>o o>r r>o", i=image(1, 8), r="relu", f="flatten", d=DENSE, o="output")
    assert "wiring.E010" in [each[0] for each in texts(network)]


def test_a_wire_into_the_input() -> None:
    network = wired("i>f f>d d>o f>j", i=image(1, 8), j="input", f="flatten", d=DENSE, o="output")
    assert ("wiring.E009", "j", "Input takes no inputs, but gets 1. Remove the wires to it.") in [
        (id, node, text.replace("Input (j)", "Input")) for id, node, text in texts(network)
    ]


def test_input_and_output_alone_ask_for_wires() -> None:
    network = wired("", i=image(1, 8), o="output")
    assert [(each[0], each[1]) for each in texts(network)] == [("wiring.E007", "i"), ("wiring.E006", "o")]


def with_head(**head: dict[str, object]) -> Network:
    """A head of its own behind the first layer, the output behind the second."""
    return wired(
        "i>f f>a a>r r>d d>o r>e e>x", i=image(1, 8), f="flatten", a=("dense", {"units": 20}), r="relu", d=DENSE,
        e=("dense", head.get("e", {"units": 10})), o="output", x="auxiliary_output",
    )  # fmt: skip


def test_an_auxiliary_head_is_a_fine_end() -> None:
    assert texts(with_head()) == []


def test_an_auxiliary_head_has_as_many_scores_as_the_output() -> None:
    network = with_head(e={"units": 7})
    assert texts(network) == [
        (
            "head.E001", "x",
            "The output gets 10 scores, but Auxiliary output 0.3 gets 7 values from Dense 7."
            " Set the units of Dense 7 to 10.",
        )
    ]  # fmt: skip
    assert analyse(mended(network, "Use 10 units")).trainable


def test_both_heads_must_suit_the_data() -> None:
    network = with_head()
    assert texts(network, classes=4) == [
        (
            "head.E001", "o",
            "The data has 4 classes, but the output gets 10 values from Dense 10 (d)."
            " Set the units of Dense 10 (d) to 4.",
        ),
        (
            "head.E001", "x",
            "The data has 4 classes, but Auxiliary output 0.3 gets 10 values from Dense 10 (e)."
            " Set the units of Dense 10 (e) to 4.",
        ),
    ]  # fmt: skip
    for _ in range(2):
        fix = errors(network, classes=4)[0].fix
        assert fix
        network = read_network(fix.network)
    assert analyse(network, classes=4).trainable


def test_an_auxiliary_head_is_not_the_output() -> None:
    network = chain(i=image(1, 8), f="flatten", d=DENSE, x="auxiliary_output")
    assert texts(network) == [
        ("wiring.E003", None, "The network has no output block. Add one and draw a wire to it from the last block.")
    ]


def test_an_auxiliary_output_without_a_wire_can_be_removed() -> None:
    network = wired("i>f f>d d>o", i=image(1, 8), f="flatten", d=DENSE, o="output", x="auxiliary_output")
    assert texts(network) == [
        (
            "wiring.E006", "x",
            "Auxiliary output 0.3 gets no input. Draw a wire to it from the block before it, or remove it.",
        )
    ]  # fmt: skip
    assert analyse(mended(network, "Remove it")).trainable


def test_nothing_follows_an_auxiliary_output() -> None:
    network = wired("i>f f>d d>x x>o", i=image(1, 8), f="flatten", d=DENSE, o="output", x="auxiliary_output")
    assert "wiring.E010" in {each.id for each in errors(network)}
