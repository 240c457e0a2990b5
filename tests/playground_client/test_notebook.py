"""The notebook in the documentation runs from top to bottom on a site with a worker, and learns what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.running_site import ROOT, running_site

NOTEBOOK = ROOT / "docs" / "examples" / "client.ipynb"
TOKEN = (
    "import django; django.setup()\n"
    "from webapp.accounts.models import User; from webapp.accounts.tokens import token_create\n"
    "user = User.objects.create_user('notebook@example.org')\n"
    "print(token_create(user=user, name='notebook', scopes=['read', 'write', 'train'])[1])"
)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    assert not any(cell.get("outputs") for cell in cells), "commit it without outputs"
    with running_site() as site:
        environment = {**os.environ, "PLAYGROUND_VAR": str(site.folder), "DJANGO_SETTINGS_MODULE": "webapp.settings"}
        made = subprocess.run(
            [sys.executable, "-c", TOKEN], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        monkeypatch.setenv("PLAYGROUND_SITE", site.address)
        monkeypatch.setenv("PLAYGROUND_API_TOKEN", made.stdout.strip())
        names: dict[str, Any] = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)
    assert {run.state for run in names["runs"].values()} == {"finished"}
    assert names["runs"]["relu"].test_accuracy > names["runs"]["sigmoid"].test_accuracy
    assert len(names["losses"]["relu"]) == len(names["losses"]["sigmoid"]) > 10
    assert "class " in capsys.readouterr().out
