"""What the terminal shows of an analysis."""

from __future__ import annotations

from playground import report
from playground.analysis import analyse
from playground.fixes import document
from playground.network import Network, read_network
from tests.playground.drawing import chain, image


def small(stages: dict[str, str]) -> Network:
    conv = ("conv2d", {"filters": 4, "padding": 1})
    network = document(chain(i=image(1, 8), c=conv, n="batch_norm", f="flatten", d="dense", o="output"))
    for node in network["nodes"]:
        if node["id"] in stages:
            node["stage"] = stages[node["id"]]
    return read_network(network)


def lines(network: Network) -> list[str]:
    return report.table(network, analyse(network)).splitlines()


def test_blocks_and_totals_stand_in_columns() -> None:
    text = lines(small({}))
    assert text[2:6] == [
        "id  block       shape  parameters  multiply-adds  outputs   sees",
        "i   Input       1×8×8           –              –    256 B    1×1",
        "c   Conv 3×3    4×8×8          40          2,304  1.02 kB    3×3",
        "n   Batch norm  4×8×8           8              –  1.02 kB    3×3",
    ]
    assert text[10:17] == [
        "2,618 parameters, 4,864 multiply-adds, 2 layers with weights on the longest path",
        "",
        "model      10.5 kB  parameters and running statistics as float32",
        "outputs    3.41 kB  of all layers, for one image",
        "inference  2.05 kB  at most at once: 2 · 1,024 bytes, while Batch norm runs",
        "training    250 kB  64 · 3,408 (outputs) + 10,504 (weights) + 10,472 (gradients) + 10,472 (kept by SGD) bytes",
        "sees        3×3 px  1 + (3 − 1) · 1 = 3",
    ]


def test_stages_have_a_table_of_their_own() -> None:
    text = lines(small({"c": "Stem", "n": "Stem", "f": "Head", "d": "Head"}))
    assert text[10:13] == [
        "stage  blocks  shape  parameters  multiply-adds  outputs    model  layers",
        "Stem        2  4×8×8          48          2,304  2.05 kB    224 B       1",
        "Head        2  10          2,570          2,560  1.06 kB  10.3 kB       1",
    ]


def test_what_is_not_known_is_left_open() -> None:
    text = lines(read_network({"nodes": [{"id": "c", "block": "conv2d", "stage": "Stem"}], "edges": []}))
    assert text[3].split() == ["c", "Conv", "3×3", "?", "–", "–", "–"]
    assert text[6].split() == ["Stem", "1", "?", "–", "–", "–", "–", "–"]
