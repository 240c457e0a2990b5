"""The end of the network: what the loss expects, and where the parameters go."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.measure import measure
from playground.notes import Note
from playground.walk import Walked

MANY_PARAMETERS = 1_000_000
LARGE_SHARE = 0.8


@guideline(
    page(
        id="head.W001",
        title="Leave softmax to the loss",
        why="""
        The loss here is the cross-entropy −log p of the right class, where p is the softmax of the network's scores.
        It is computed from the scores in one go, as log-sum-exp: taking softmax first and its logarithm afterwards
        rounds small probabilities to zero, and the gradient with them.

        A softmax just before the output therefore adds nothing. Training takes the scores before it, so that it does
        no harm either, and the predictions are the same: softmax keeps the order of the scores.

        Elsewhere it does harm. A framework that takes the network's last value for scores would apply softmax twice:
        the scores then lie between 0 and 1, and with 10 classes the loss cannot fall below 1.46.
        """,
        rule="The block before the output is a softmax.",
        source="Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3; torch.nn.CrossEntropyLoss",
        lecture=["L14"],
    ),
    page(
        id="head.W002",
        title="Leave the scores free",
        why="""
        The loss turns scores into probabilities with softmax, which looks at differences between scores alone: they
        may be of any size and sign.

        An activation on the scores takes that away. After ReLU no class can score below zero, and a class whose score
        is stuck there gets no gradient; after sigmoid or tanh scores differ by 1 or 2 at most, so that no class can
        become nearly certain, however long one trains.
        """,
        rule="The block before the output is an activation other than linear or softmax.",
        source="Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3",
        lecture=["L10", "L14"],
    ),
)
def activation_before_the_loss(walked: Walked) -> list[Note]:
    """The loss takes scores of any size and applies softmax itself."""
    notes = []
    for output in (*walked.of_kind("output"), *walked.of_kind("auxiliary_output")):
        if output not in walked.measures:
            continue
        last = walked.wiring.inputs[output][0]
        found = walked.measures[last]
        if found.block.family != "activation" or found.block.kind == "linear_activation":
            continue
        name, take_out = walked.name(last), partial(fixes.bypass, walked.document, last)
        if found.block.kind == "softmax":
            note = Note(
                "advice", "head.W001", last, f"{name} is not needed here: the loss applies softmax itself.",
                "Take it out; training and predictions stay the same, since the loss is computed from the scores before"
                " it.",
                "Take it out", take_out,
            )  # fmt: skip
        else:
            note = Note(
                "warning", "head.W002", last, f"{name} limits the scores just before the loss, which wants them free.",
                "Take it out: the last layer of a classifier needs no activation.", "Take it out", take_out,
            )  # fmt: skip
        notes.append(note)
    return notes


@guideline(
    page(
        id="head.W003",
        title="Do not keep most parameters in dense layers",
        why="""
        A dense layer has a weight for each pair of input and output. Behind an image of 6×6 pixels with 256 channels,
        4096 units make 37.7 million weights: in AlexNet's three dense layers sit 59 of its 61 million parameters, in
        VGG-16's 124 of 138 million, and hardly any of its work.

        Such a layer learns each place of the image on its own. It needs much memory and many images, and it is why
        both networks cannot do without dropout.

        A global average takes one mean for each channel, so that one weight serves all places: each channel becomes a
        detector whose answer counts wherever it fires. GoogLeNet and the residual networks end like this, with a
        single small dense layer behind it.
        """,
        rule=f"""
        The network has convolutions and {MANY_PARAMETERS:,} parameters or more, of which dense layers hold
        {LARGE_SHARE:.0%} or more. The press puts a global average before flatten; where the hidden dense layers would
        still hold that much, it takes them out as well.
        """,
        source="""
        Lin, Chen and Yan, Network in Network, 2014, section 3.2; Szegedy et al., Going Deeper with Convolutions,
        2015, section 5
        """,
        lecture=["L31", "L19", "L20"],
    ),
)
def dense_layers_dominate(walked: Walked) -> list[Note]:
    """AlexNet and VGG keep most parameters in their dense layers; a global average needs none of them."""
    dense = [node for node in walked.of_kind("dense") if node in walked.measures]
    total = walked.totals().parameters
    inside = sum(walked.measures[node].parameters for node in dense)
    convolved = any(measure.block.family == "conv" for measure in walked.measures.values())
    if not dense or not convolved or not _dominates(inside, total):
        return []
    largest = max(dense, key=lambda node: walked.measures[node].parameters)
    count = walked.measures[largest].parameters
    note = Note(
        "advice", "head.W003", largest,
        f"Dense layers hold {inside / total:.0%} of all parameters; {walked.name(largest)} alone has {count:,}.",
        "Take a global average of each channel before flatten.",
    )  # fmt: skip
    row = _from_flatten(walked, largest)
    shape = (walked.inputs(row[0]) or ((),))[0] if row else ()
    if len(shape) != 3 or shape[1:] == (1, 1):
        return [note]
    first = next(node for node in row if walked.nodes[node].block == "dense")
    less = _units_over(walked, first, shape[0])
    saved = walked.measures[first].parameters - less
    if not _dominates(inside - saved, total - saved):
        hint = f"{note.hint} {walked.name(first)} then has {less:,} parameters."
        fix = partial(fixes.insert_before, walked.document, row[0], "global_avg_pool", {})
        return [note._replace(hint=hint, fix_label="Insert global average", fix=fix)]
    hidden, last = _hidden(walked, row)
    if last is None:
        return [note]
    scores = _units_over(walked, last, shape[0])
    return [
        note._replace(
            hint=f"Take a global average of each channel and keep one dense layer, of {scores:,} parameters.",
            fix_label="Average, one dense layer", fix=partial(_averaged, walked.document, row[0], hidden),
        )
    ]  # fmt: skip


def _dominates(inside: int, total: int) -> bool:
    """Dense layers with `inside` of the network's `total` parameters hold too many."""
    return total >= MANY_PARAMETERS and inside >= LARGE_SHARE * total


def _units_over(walked: Walked, dense: str, values: int) -> int:
    """Parameters of a dense layer over so many values."""
    return measure("dense", walked.nodes[dense].params, ((values,),)).parameters


def _from_flatten(walked: Walked, node: str) -> list[str]:
    """Blocks on the single wire from a flatten to this dense layer; empty where there is no such wire."""
    row = [node]
    while walked.nodes[row[0]].block != "flatten":
        sources = walked.wiring.inputs[row[0]]
        if (
            len(sources) != 1
            or walked.wiring.outputs[sources[0]] != [row[0]]
            or len(walked.measures[row[0]].shape) != 1
        ):
            return []
        row.insert(0, sources[0])
    return row


def _hidden(walked: Walked, row: list[str]) -> tuple[list[str], str | None]:
    """What can be taken out between flatten and the dense layer that makes the scores, and that layer; (…, None) where
    the wire to the output is not single. The last dropout stays."""
    row = list(row)
    while walked.nodes[row[-1]].block != "output":
        after = walked.wiring.outputs[row[-1]]
        if len(after) != 1 or len(walked.wiring.inputs[after[0]]) != 1:
            return [], None
        row.append(after[0])
    last = next(node for node in reversed(row) if walked.nodes[node].block == "dense")
    before = row[1 : row.index(last)]
    kept = next((node for node in reversed(before) if walked.nodes[node].block == "dropout"), None)
    return [node for node in before if node != kept], last


def _averaged(document: Document, flatten: str, hidden: list[str]) -> Document:
    return fixes.insert_before(fixes.bypass_links(document, set(hidden)), flatten, "global_avg_pool", {})
