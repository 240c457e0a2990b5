"""The list of all of one's runs: what is looked for is found, in any order, page by page, in a few queries."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webapp.conftest import guest, saved, small_network, started
from webapp.experiments.models import Experiment
from webapp.runs.listing import VALUES, Wanted, page_of
from webapp.runs.models import Run
from webapp.tags.models import MOST_TAGS, RunTag
from webapp.viewers import Viewer

pytestmark = pytest.mark.django_db


def many(count: int = 40, owner: str = "ada") -> list[Run]:
    """Runs of two experiments, some measured, some tagged."""
    experiments = [
        Experiment.objects.create(owner=owner, name=name, network=small_network(), recipe={})
        for name in ("Plain", "Residual")
    ]
    runs = Run.objects.bulk_create(
        Run(
            experiment=experiments[n % 2],
            number=n,
            name=f"{experiments[n % 2].name} {n}",
            network=small_network(),
            recipe={"dataset": "digits" if n % 3 else "mnist", "seed": n % 5},
            state="finished" if n % 4 else "failed",
            parameters=1000 - n % 7,
            macs=None if n % 5 == 0 else n,
            test_accuracy=None if n % 4 == 0 else n / 100,
            best_validation_accuracy=None if n % 8 == 0 else 0.5,
        )
        for n in range(1, count + 1)
    )
    RunTag.objects.bulk_create(RunTag(run=run, name="keep") for run in runs[::10])
    return runs


def listed(client: Client, **query: Any) -> list[dict[str, Any]]:
    response = client.get("/api/runs", query)
    assert response.status_code == 200, response.content
    return response.json()


def walked(sort: str, limit: int) -> list[Any]:
    """All pages, one after the other."""
    found: list[Any] = []
    after = ""
    while True:
        page = page_of(Run.objects.owned_by(Viewer("guest", "ada")), Wanted(sort=sort, limit=limit, after=after))
        found += page.runs
        assert page.total == 40
        if not page.after:
            return found
        after = page.after


@pytest.mark.parametrize("sort", [f"{sign}{key}" for key in VALUES for sign in ("", "-")])
def test_pages_hold_every_run_once_in_order(sort: str) -> None:
    many()
    whole = walked(sort, 100)
    assert len({run.id for run in whole}) == 40
    assert [run.id for run in walked(sort, 7)] == [run.id for run in whole]
    field = {"experiment": "experiment_name"}.get(sort.removeprefix("-"), sort.removeprefix("-"))
    values = [getattr(run, field) for run in whole]
    known = [value.lower() if isinstance(value, str) else value for value in values if value is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert all(value is None for value in values[len(known) :])


def test_the_first_page_names_the_next(client: Client) -> None:
    owner = saved(client)["id"]
    Run.objects.bulk_create(
        Run(experiment_id=owner, number=n, name="Small", network={}, recipe={"dataset": "digits", "seed": 1})
        for n in range(1, 6)
    )
    response = client.get("/api/runs", {"limit": 2, "sort": "number"})
    assert response.headers["X-Total-Count"] == "5"
    seen = [run["number"] for run in response.json()]
    while link := re.match('<(.+)>; rel="next"', response.headers.get("Link", "")):
        response = client.get(link[1])
        seen += [run["number"] for run in response.json()]
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"words": "resid"}, 20),
        ({"words": "PLAIN 12"}, 1),
        ({"words": "keep plain"}, 0),
        ({"words": "keep"}, 4),
        ({"dataset": "mnist"}, 13),
        ({"tag": "keep"}, 4),
        ({"states": ("failed",)}, 10),
        ({"states": ("failed", "finished")}, 40),
        ({"words": "%"}, 0),
        ({"words": "nobody"}, 0),
    ],
)
def test_what_is_looked_for_is_found(wanted: dict[str, Any], count: int) -> None:
    many()
    if wanted.get("words") == "keep plain":
        count = len([run for run in Run.objects.filter(tags__name="keep") if "Plain" in run.name])
    assert page_of(Run.objects.owned_by(Viewer("guest", "ada")), Wanted(**wanted)).total == count


def test_a_page_takes_four_queries_however_many_runs_there_are(django_assert_num_queries: Any) -> None:
    many()
    with django_assert_num_queries(4) as asked:
        page = page_of(Run.objects.owned_by(Viewer("guest", "ada")), Wanted(words="a", tag="keep", limit=20))
    assert len(page.runs) == 4
    assert not any('"network"' in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize(
    ("query", "path", "word"),
    [
        ({"sort": "colour"}, "sort", "created"),
        ({"state": "asleep"}, "state", "queued"),
        ({"limit": 5, "after": "%%%"}, "after", "first page"),
        ({"limit": 5, "after": "WyJhIiwxLCJiIl0"}, "after", "first page"),
        ({"limit": 0}, "limit", "greater"),
        ({"limit": 1000}, "limit", "less"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(
    client: Client, query: dict[str, Any], path: str, word: str
) -> None:
    response = client.get("/api/runs", query)
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["path"] == path and word in error["message"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(after=st.text(max_size=60), words=st.text(max_size=30))
def test_no_cursor_and_no_words_break_the_list(client: Client, after: str, words: str) -> None:
    response = client.get("/api/runs", {"limit": 5, "after": after, "q": words})
    assert response.status_code in {200, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=st.sampled_from(sorted(VALUES)), value=st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_no_cursor_made_by_hand_breaks_the_list(client: Client, sort: str, value: Any) -> None:
    after = base64.urlsafe_b64encode(json.dumps([sort, value, "x"]).encode()).decode().rstrip("=")
    response = client.get("/api/runs", {"limit": 5, "sort": sort, "after": after})
    assert response.status_code in {200, 422}


def test_nobody_finds_the_runs_or_tags_of_another(client: Client) -> None:
    run = started(client)
    RunTag.objects.create(run_id=run["id"], name="mine")
    stranger = guest()
    started(stranger)
    assert [found["id"] for found in listed(client, limit=9, q="small")] == [run["id"]]
    assert listed(guest(), limit=9) == []
    assert client.get("/api/tags").json() == [{"name": "mine", "runs": 1}]
    assert stranger.get("/api/tags").json() == []
    assert stranger.patch(f"/api/runs/{run['id']}", {"tags": []}, content_type="application/json").status_code == 403


def test_tags_are_put_on_and_taken_off(client: Client) -> None:
    run = started(client)

    def tag(*tags: str) -> Any:
        return client.patch(f"/api/runs/{run['id']}", {"tags": tags}, content_type="application/json")

    assert tag(" to  show ", "best", "best").status_code == 200
    assert listed(client)[0]["tags"] == ["best", "to show"]
    assert [found["id"] for found in listed(client, tag="to show", limit=5)] == [run["id"]]
    tag("best")
    assert listed(client)[0]["tags"] == ["best"]
    assert listed(client)[0]["name"] == "Small"
    for tags in (["a,b"], [""], ["x" * 41], [str(n) for n in range(MOST_TAGS + 1)]):
        refused = tag(*tags)
        assert refused.status_code == 422 and refused.json()["error"]["path"] == "tags"
    assert listed(client)[0]["tags"] == ["best"]
