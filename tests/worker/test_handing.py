"""Weights that the site asks for: what they are called by, and the pieces that make the file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from playground.protocol import FROM_WORKER, PIECE_BYTES, Fetch, Piece, Weights, decode
from worker.handing import Handing
from worker.remembered import NetworkFolder

TENSORS = {"c1.weight": torch.randn(300, 1000), "c1.bias": torch.randn(7)}


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    folder = NetworkFolder(tmp_path)
    folder.add("r1", save(TENSORS, {"json": json.dumps({"step": 30, "job": "of this run alone"})}))
    return folder


def offer(handing: Handing, run: str = "r1", sha256: str = "") -> Weights:
    return Weights.model_validate_json(handing.answer(Fetch(run=run, lease=1, sha256=sha256)))


def test_the_pieces_make_the_file_that_was_offered(folder: NetworkFolder) -> None:
    handing = Handing(folder)
    offered = offer(handing)
    whole = b""
    while len(whole) < offered.bytes:
        answer = handing.answer(Fetch(run="r1", lease=1, sha256=offered.sha256, offset=len(whole)))
        assert isinstance(answer, bytes)
        piece, payload = decode(answer, FROM_WORKER)
        assert isinstance(piece, Piece) and 0 < piece.bytes <= PIECE_BYTES
        whole += payload[: piece.bytes]
    assert hashlib.sha256(whole).hexdigest() == offered.sha256
    assert offered.step == 30
    found = load(whole)
    assert all(torch.equal(found[name], tensor) for name, tensor in TENSORS.items())
    assert b"of this run alone" not in whole
    handing.close()


def test_equal_weights_of_two_runs_are_one_file(folder: NetworkFolder) -> None:
    folder.add("r2", save(TENSORS, {"json": json.dumps({"step": 31, "job": "another"})}))
    handing = Handing(folder)
    assert offer(handing, "r1").sha256 == offer(handing, "r2").sha256
    handing.close()


def test_a_new_agent_goes_on_in_the_middle(folder: NetworkFolder) -> None:
    first, second = Handing(folder), Handing(folder)
    sha256 = offer(first).sha256
    answers = [each.answer(Fetch(run="r1", lease=1, sha256=sha256, offset=400_000)) for each in (first, second)]
    assert answers[0] == answers[1]
    assert isinstance(answers[0], bytes)
    first.close()
    second.close()


def test_where_the_file_is_another_now_it_is_offered_anew(folder: NetworkFolder) -> None:
    handing = Handing(folder)
    again = offer(handing, sha256="f" * 64)
    assert again.sha256 == offer(handing).sha256
    handing.close()


@pytest.mark.parametrize("run", ["gone", "../r1", ""])
def test_what_is_not_kept_is_told(folder: NetworkFolder, run: str) -> None:
    assert offer(Handing(folder), run).bytes == 0


def test_an_offset_behind_the_end_gives_nothing(folder: NetworkFolder) -> None:
    handing = Handing(folder)
    sha256 = offer(handing).sha256
    answer = handing.answer(Fetch(run="r1", lease=1, sha256=sha256, offset=10**9))
    assert isinstance(answer, bytes)
    piece, _ = decode(answer, FROM_WORKER)
    assert isinstance(piece, Piece) and piece.bytes == 0
    handing.close()
