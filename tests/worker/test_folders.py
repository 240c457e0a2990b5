import subprocess
import sys
from pathlib import Path

import pytest

from playground.protocol import Job
from worker.folders import LeaseFolder, WorkerFolder


def job(attempt: int) -> Job:
    return Job(run="r1", attempt=attempt, network={}, recipe={})


def with_checkpoint(folder: WorkerFolder, attempt: int) -> LeaseFolder:
    lease = folder.prepare("r1", attempt, job(attempt))
    lease.checkpoint.mkdir(exist_ok=True)
    (lease.checkpoint / "state.safetensors").write_text("weights")
    return lease


def test_the_next_attempt_finds_the_checkpoint_and_not_the_old_spool(tmp_path: Path) -> None:
    folder = WorkerFolder(tmp_path)
    first = with_checkpoint(folder, 1)
    second = folder.prepare("r1", 2, job(2))
    assert second.checkpointed() and second.read_job().attempt == 2
    assert not first.path.exists()


@pytest.mark.parametrize(("attempt", "go_on"), [(3, True), (2, False)])
def test_a_checkpoint_whose_rows_would_not_join_up_is_dropped(tmp_path: Path, attempt: int, go_on: bool) -> None:
    folder = WorkerFolder(tmp_path)
    with_checkpoint(folder, 1)
    assert not folder.prepare("r1", attempt, job(attempt), go_on=go_on).checkpointed()


def test_leases_are_listed_oldest_first_and_unfinished_ones_left_out(tmp_path: Path) -> None:
    folder = WorkerFolder(tmp_path)
    for number in (10, 9):
        LeaseFolder(tmp_path / "runs" / "r1" / f"lease-{number}").write_job(job(number))
    (tmp_path / "runs" / "r1" / "lease-11").mkdir()
    assert [lease.lease for lease in folder.leases()] == [9, 10]


@pytest.mark.parametrize("run", ["../up", "a/b", "", "x" * 65, "ü", "."])
def test_an_id_that_is_none_cannot_leave_the_folder(tmp_path: Path, run: str) -> None:
    with pytest.raises(ValueError, match="is not the id of a run"):
        WorkerFolder(tmp_path).lease(run, 1)


def test_removing_the_last_attempt_removes_the_run(tmp_path: Path) -> None:
    folder = WorkerFolder(tmp_path)
    with_checkpoint(folder, 1)
    folder.remove("r1", 1)
    assert list(folder.runs.iterdir()) == []


LIVES = """
import sys, time
from pathlib import Path
from worker.folders import LeaseFolder
LeaseFolder(Path(sys.argv[1])).live()
print("alive", flush=True)
time.sleep(60)
"""


def test_a_job_is_alive_as_long_as_its_process_lives(tmp_path: Path) -> None:
    lease = WorkerFolder(tmp_path).prepare("r1", 1, job(1))
    assert lease.process() is None
    with subprocess.Popen([sys.executable, "-c", LIVES, lease.path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert lease.process() == process.pid
        assert not lease.close()
        process.kill()
    assert lease.process() is None
    assert lease.close()


def test_a_closed_attempt_cannot_begin(tmp_path: Path) -> None:
    lease = WorkerFolder(tmp_path).prepare("r1", 1, job(1))
    lease.close()
    with pytest.raises(FileExistsError):
        lease.live()
