"""The administration pages: lists that find, and actions that do what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.webapp.accounts.builders import member, quick_hashes, signed_in  # noqa: F401
from tests.webapp.conftest import guest, started
from tests.webapp.runs.queue import make_run, make_worker
from webapp.accounts.models import ApiToken, SignIn, User
from webapp.accounts.tokens import token_create
from webapp.administration import site
from webapp.administration.site import MOST_LETTERS
from webapp.experiments.models import Experiment
from webapp.runs.models import Run, Worker
from webapp.sharing.services import link_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    return signed_in(member("root@example.org", is_staff=True, is_superuser=True), client)


def act(staff: Client, path: str, action: str, *rows: Any, **more: str) -> str:
    """What the page says after an action on some rows."""
    body = {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}
    return staff.post(f"/admin/{path}/", body, follow=True).content.decode()


def test_strangers_are_led_to_the_sites_own_sign_in(client: Client) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/account/login/?next=%2Fadmin%2F"
    signed_in(member(), client)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_every_list_and_every_row_can_be_opened_and_searched(staff: Client) -> None:
    user = member(name="Ada")
    browser = signed_in(user)
    token_create(user=user, name="notebook", scopes=["read"])
    started(browser, name="Deep thing")
    started(guest(), name="A guest's")
    make_worker("gpu-box")
    for model in site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        page = staff.get(f"{place}?q=a")
        assert page.status_code == 200, place
        for row in model._base_manager.all()[:3]:
            assert staff.get(f"{place}{row.pk}/change/").status_code == 200, row
    found = staff.get("/admin/runs/run/?q=Deep").content.decode()
    assert "Deep thing" in found and "A guest" not in found and "Ada" in found
    assert "A guest" in staff.get("/admin/runs/run/?state__exact=queued").content.decode()
    assert "0 runs" in staff.get("/admin/runs/run/?state__exact=running").content.decode()


def test_long_names_are_shortened_in_lists_and_told_in_full(staff: Client) -> None:
    name, address = "n" * 79 + "&", f"{'a' * 60}@example.org"
    browser = signed_in(member(address, name=name))
    run = started(browser, name=name)
    make_worker("w" * 80)
    Run.objects.update(worker=Worker.objects.get())
    link_create(experiment=Experiment.objects.get(pk=run["experiment"]))
    token_create(user=User.objects.get(email=address), name=name, scopes=["read"])
    for path in (
        "accounts/user",
        "accounts/apitoken",
        "accounts/signin",
        "experiments/experiment",
        "runs/run",
        "runs/worker",
        "sharing/sharelink",
    ):
        table = staff.get(f"/admin/{path}/").content.decode().split('id="result_list"')[1].split("</table>")[0]
        words = re.sub(r"<[^>]*>", " ", table)
        assert max(len(word) for word in words.split()) <= MOST_LETTERS, path
    page = staff.get("/admin/runs/run/?o=5.1").content.decode()
    assert f'<span title="{name[:-1]}&amp;">{name[: MOST_LETTERS - 1]}…</span>' in page


def test_no_page_of_it_runs_inline_scripts(staff: Client) -> None:
    for path in ("", "runs/run/", "accounts/user/", "accounts/user/add/", "runs/worker/"):
        response = staff.get(f"/admin/{path}")
        page = response.content.decode()
        assert "<script>" not in page and " onclick=" not in page and "javascript:" not in page
        assert "script-src 'self'" in response["Content-Security-Policy"]


def test_a_run_is_stopped_and_it_is_written_down(staff: Client) -> None:
    waiting, over = make_run(), make_run(state="finished")
    assert "1 runs are told to stop" in act(staff, "runs/run", "stop", waiting, over)
    waiting.refresh_from_db()
    over.refresh_from_db()
    assert (waiting.state, over.state) == ("stopped", "finished")
    assert LogEntry.objects.get().object_id == waiting.pk


def test_a_worker_is_disabled_and_enabled(staff: Client) -> None:
    worker = make_worker()
    act(staff, "runs/worker", "disable", worker)
    worker.refresh_from_db()
    assert worker.disabled
    act(staff, "runs/worker", "enable", worker)
    worker.refresh_from_db()
    assert not worker.disabled


def test_links_are_revoked_and_stay(staff: Client) -> None:
    run = started(guest())
    link, _ = link_create(experiment=Experiment.objects.get(pk=run["experiment"]))
    act(staff, "sharing/sharelink", "revoke", link)
    link.refresh_from_db()
    assert link.revoked is not None
    assert staff.get(f"/admin/sharing/sharelink/{link.pk}/delete/").status_code == 403
    assert "delete_selected" not in staff.get("/admin/sharing/sharelink/").content.decode()


def test_tokens_are_revoked(staff: Client) -> None:
    user = member()
    first, _ = token_create(user=user, name="one", scopes=["read"])
    token_create(user=user, name="two", scopes=["read"])
    act(staff, "accounts/apitoken", "revoke", first)
    assert ApiToken.objects.valid().count() == 1
    act(staff, "accounts/user", "revoke_tokens", user)
    assert not ApiToken.objects.valid().exists()


def test_a_member_is_shut_out_and_let_in(staff: Client) -> None:
    user = member()
    browser = signed_in(user)
    act(staff, "accounts/user", "shut_out", user, User.objects.get(email="root@example.org"))
    assert browser.get("/account/").status_code == 302
    assert not SignIn.objects.filter(user=user).exists()
    assert staff.get("/admin/").status_code == 200, "nobody shuts themselves out"
    act(staff, "accounts/user", "let_in", user)
    assert signed_in(user).get("/account/").status_code == 200


def test_deleting_a_member_deletes_what_they_made(staff: Client) -> None:
    user = member()
    started(signed_in(user))
    page = act(staff, "accounts/user", "delete_selected", user)
    assert "with all that belongs to it" in page
    act(staff, "accounts/user", "delete_selected", user, post="yes")
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Experiment.objects.exists() and not Run.objects.exists()


def test_experiments_are_deleted_with_their_runs(staff: Client) -> None:
    run = make_run(state="running")
    act(staff, "experiments/experiment", "delete_selected", run.experiment, post="yes")
    assert not Run.objects.exists()


def test_a_member_is_made_by_hand(staff: Client) -> None:
    body = {"email": "New@Example.org", "name": "", "usable_password": "true"}
    passwords = {"password1": "a-Jacquard-loom-1804", "password2": "a-Jacquard-loom-1804"}
    response = staff.post("/admin/accounts/user/add/", body | passwords)
    assert response.status_code == 302, response.content.decode()
    assert signed_in(User.objects.get(email="new@example.org")).get("/account/").status_code == 200
