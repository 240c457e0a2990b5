"""2,400 random and mutated documents at the API: no 500, none over a second, nothing large allocated."""

from __future__ import annotations

import copy
import json
import random
import resource
import time
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from playground.blocks import CATALOGUE
from playground.zoo import ZOO, card
from tests.webapp.conftest import guest, small_network

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROUNDS = 2400
SECONDS = 1.0
MEGABYTES = 150

NUMBERS: list[Any] = [0, -1, 1, 2, 7, 2**31, 2**63, 10**400, -(10**18), 0.5, -0.0, 1e308, 5e-324, True]
TEXTS: list[Any] = [
    "",
    "a",
    "same",
    "same ",
    "../../etc",
    "x" * 5000,
    "é\u202e",
    "__class__",
    "{{7*7}}",
    "' OR 1=1",
    "\ud800",
    "\x00",
]
THINGS: list[Any] = [None, [], {}, [[]], [1, 2], [1, 2, 3], {"a": 1}, *NUMBERS, *TEXTS]


def some_value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.random()
    if depth > 3 or kind < 0.7:
        return copy.deepcopy(chance.choice(THINGS))  # a later mutation may fill it
    if kind < 0.85:
        return [some_value(chance, depth + 1) for _ in range(chance.randrange(5))]
    return {str(chance.choice(TEXTS)): some_value(chance, depth + 1) for _ in range(chance.randrange(4))}


def some_document(chance: random.Random) -> Any:
    """A network of any blocks, wired at random."""
    kinds = [*CATALOGUE, "input", "output"]
    count = chance.choice([0, 1, 2, 5, 20, 200, 1024, 1100])
    nodes = []
    for number in range(count):
        kind = chance.choice(kinds)
        fields = list(CATALOGUE[kind].model_fields)
        chosen = chance.sample(fields, chance.randrange(len(fields) + 1))
        params = {field: chance.choice([*NUMBERS[:9], [1, 2], "same", "relu"]) for field in chosen}
        nodes.append({"id": f"n{number}", "block": kind, "params": params if chance.random() < 0.5 else {}})
    names = [node["id"] for node in nodes] or ["n0"]
    ends = [
        {"source": chance.choice(names), "target": chance.choice(names)} for _ in range(chance.randrange(count * 2 + 1))
    ]
    chain = [{"source": f"n{n}", "target": f"n{n + 1}"} for n in range(count - 1)] if chance.random() < 0.6 else []
    return {"format": 1, "name": "Random", "nodes": nodes, "edges": (chain + ends)[:5000]}


def mutated(document: Any, chance: random.Random) -> Any:
    """The document with up to four places changed, removed, doubled or filled with something else."""
    document = copy.deepcopy(document)
    for _ in range(chance.randrange(1, 5)):
        place = document
        while isinstance(place, (dict, list)) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = chance.choice(keys)
            if isinstance(place[key], (dict, list)) and place[key] and chance.random() < 0.8:
                place = place[key]
                continue
            change = chance.randrange(4)
            if change == 0:
                del place[key]
            elif change == 1 and isinstance(place, list):
                place.extend([place[key]] * chance.choice([1, 50]))
            elif change == 2 and isinstance(place, dict):
                place[str(chance.choice(TEXTS))] = some_value(chance)
            else:
                place[key] = some_value(chance)
            break
    return document


def broken_text(text: bytes, chance: random.Random) -> bytes:
    """Bytes cut, swapped or repeated: often no JSON any more."""
    at = chance.randrange(len(text) + 1)
    return chance.choice(
        [
            text[:at] or b" ",
            text[at:] or b" ",
            text[:at] + b"\xff" + text[at:],
            text[:at] + b'"' + text[at:],
            text + text,
            b"[" * (at + 1),
        ]
    )


def group_within_groups(levels: int) -> dict[str, Any]:
    inside: dict[str, Any] = {"nodes": [], "edges": []}
    for level in range(levels):
        node = {"id": f"g{level}", "block": "group", "params": {"network": inside}}
        inside = {
            "nodes": [node],
            "edges": [{"source": "in", "target": node["id"]}, {"source": node["id"], "target": "out"}],
        }
    return {"format": 1, "nodes": inside["nodes"], "edges": []}


def doubling(depth: int) -> dict[str, Any]:
    """Each concat joins its input with itself: channels double at every block."""
    nodes = [{"id": "n0", "block": "input"}]
    edges = []
    for number in range(1, depth):
        nodes.append({"id": f"n{number}", "block": "concat"})
        edges += [{"source": f"n{number - 1}", "target": f"n{number}"}] * 2
    return {"format": 1, "nodes": nodes, "edges": edges}


def everything_to_everything(count: int) -> dict[str, Any]:
    nodes = [{"id": "n0", "block": "input"}, *({"id": f"n{n}", "block": "add"} for n in range(1, count))]
    edges = [{"source": f"n{a}", "target": f"n{b}"} for b in range(count) for a in range(b)][:4096]
    return {"format": 1, "nodes": nodes, "edges": edges}


def post(client: Client, path: str, body: bytes) -> int:
    begin = time.process_time()
    response = client.post(path, body, content_type="application/json")
    seconds = time.process_time() - begin
    excerpt = body[:300]
    assert response.status_code in {200, 201, 400, 409, 413, 422, 429}, (path, response.status_code, excerpt)
    assert seconds < SECONDS, (path, seconds, excerpt)
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["message"] and len(error["message"]) < 2000 and len(error["path"]) < 300, (error, excerpt)
        assert "Traceback" not in error["message"]
    return response.status_code


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


def test_random_and_mutated_documents() -> None:
    chance = random.Random(2012)
    client = guest()
    originals = [small_network(), *(card(exhibit).network for exhibit in ZOO.values())]
    originals.sort(key=lambda document: len(document["nodes"]))
    statuses: Counter[int] = Counter()
    before = most_memory()
    for number in range(ROUNDS):
        kind = number % 4
        document = some_document(chance) if kind == 0 else mutated(chance.choice(originals[:12]), chance)
        body = as_bytes(document)
        if kind == 3:
            body = broken_text(body, chance)
        path = chance.choice(["/api/analyse", "/api/analyse?dataset=mnist&open=n1,n2", "/api/code"])
        statuses[post(client, path, body)] += 1
    assert {200, 400, 422} <= set(statuses), statuses
    assert most_memory() - before < MEGABYTES


def most_memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_experiments_and_recipes() -> None:
    chance = random.Random(1998)
    client = guest()
    recipe = {"dataset": "digits", "epochs": 3, "batch_size": 64, "learning_rate": 0.1, "seed": 1}
    for number in range(200):
        body = {"network": small_network(), "recipe": recipe, "name": "n"}
        document = mutated(body, chance) if number % 2 else body | {"recipe": mutated(recipe, chance)}
        status = post(client, "/api/experiments", as_bytes(document))
        if status == 201:
            made = client.get("/api/experiments").json()[0]["id"]
            assert post(client, f"/api/experiments/{made}/runs", b"") in {201, 422, 429}


HURTFUL = {
    "groups in groups": group_within_groups(200),
    "doubling": doubling(1000),
    "dense wiring": everything_to_everything(90),
    "huge image": {"nodes": [{"id": "i", "block": "input", "params": {"channels": 10**9, "height": 10**9}}]},
    "future": {"format": 10**9},
    "long name": {"format": 1, "name": "n" * 1_000_000},
    "many blocks": {"format": 1, "nodes": [{"id": f"{n}", "block": "relu"} for n in range(20_000)]},
    "many settings": {"nodes": [{"id": "a", "block": "relu", "params": {f"{n}": n for n in range(50_000)}}]},
}


@pytest.mark.parametrize("name", HURTFUL)
def test_documents_made_to_hurt(client: Client, name: str) -> None:
    for path in ("/api/analyse", "/api/code"):
        post(client, path, as_bytes(HURTFUL[name]))
