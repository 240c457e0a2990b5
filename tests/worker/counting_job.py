"""A job that counts instead of training: fast to start, and easy to say what its spool must hold."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from playground.protocol import Event, Finished, encode
from worker.control import ControlReader
from worker.folders import LeaseFolder
from worker.spool import SpoolWriter


def warm_up() -> None:
    pass


def run_job(path: Path) -> None:
    """`steps` of the recipe are counted, `pause` seconds apart; `crash` at that step; obeys stop and checkpoint. With
    a `helper`, it has a process of its own, whose number is in the file of that name."""
    folder = LeaseFolder(path)
    recipe = folder.read_job().recipe
    spool, control = SpoolWriter(folder.spool), ControlReader(path)
    mark = folder.checkpoint / "state.safetensors"
    if recipe.get("helper"):
        (path / "helper").write_text(str(subprocess.Popen(["sleep", "60"]).pid))
    step = int(mark.read_text()) if mark.exists() else 0
    while step < recipe["steps"]:
        step += 1
        spool.append(encode(Event(step=step, name="epoch", message="counted", time=0.0)))
        for command in control.poll():
            if command.kind == "checkpoint":
                mark.parent.mkdir(exist_ok=True)
                spool.append(encode(Event(step=step, name="checkpoint", message="kept")))
                mark.write_text(str(step))
            if command.kind == "stop":
                spool.append(encode(Finished(step=step, reason="stopped", seconds=1)))
                return
        if step == recipe.get("crash"):
            os.abort()
        time.sleep(recipe.get("pause", 0))
    spool.append(encode(Finished(step=step, reason="completed", seconds=1)))
