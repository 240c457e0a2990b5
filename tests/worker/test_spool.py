import errno
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.spool import MAX_RECORD_BYTES, SpoolReader, SpoolWriter

EVERYTHING = 1 << 30


def fill(path: Path, records: list[bytes]) -> None:
    writer = SpoolWriter(path)
    for record in records:
        writer.append(record)
    writer.close()


def test_records_come_back_numbered_from_one(tmp_path: Path) -> None:
    fill(tmp_path / "spool.bin", [b"a", b"", b"ccc"])
    assert SpoolReader(tmp_path / "spool.bin").read_from(1, EVERYTHING) == [(1, b"a"), (2, b""), (3, b"ccc")]


def test_reading_starts_at_any_number_and_goes_back(tmp_path: Path) -> None:
    fill(tmp_path / "spool.bin", [str(number).encode() for number in range(1, 1001)])
    reader = SpoolReader(tmp_path / "spool.bin")
    for start in (900, 1, 257, 256, 513, 1000, 2):
        assert reader.read_from(start, 1)[0] == (start, str(start).encode())
    assert reader.read_from(1001, 1) == []


def test_limit_bounds_the_bytes_but_gives_at_least_one_record(tmp_path: Path) -> None:
    fill(tmp_path / "spool.bin", [b"x" * 100] * 5)
    reader = SpoolReader(tmp_path / "spool.bin")
    assert len(reader.read_from(1, 250)) == 2
    assert len(reader.read_from(1, 10)) == 1


def test_reader_waits_for_a_spool_that_does_not_exist_yet(tmp_path: Path) -> None:
    reader = SpoolReader(tmp_path / "spool.bin")
    assert reader.read_from(1, EVERYTHING) == []
    fill(tmp_path / "spool.bin", [b"now"])
    assert reader.read_from(1, EVERYTHING) == [(1, b"now")]


def test_reader_follows_a_growing_spool(tmp_path: Path) -> None:
    writer, reader = SpoolWriter(tmp_path / "spool.bin"), SpoolReader(tmp_path / "spool.bin")
    for number in range(1, 600):
        writer.append(b"%d" % number)
        assert reader.read_from(number, EVERYTHING) == [(number, b"%d" % number)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    records=st.lists(st.binary(max_size=40), min_size=1, max_size=8),
    cut=st.integers(0, 400),
    junk=st.binary(max_size=30),
)
def test_a_torn_tail_is_never_read_and_is_cut_off_on_reopening(
    tmp_path: Path, records: list[bytes], cut: int, junk: bytes
) -> None:
    path = tmp_path / "spool.bin"
    path.unlink(missing_ok=True)
    fill(path, records)
    whole = path.read_bytes()
    kept = whole[: max(0, len(whole) - cut)]
    path.write_bytes(kept + junk)

    numbered = list(enumerate(records, 1))
    before = SpoolReader(path).read_from(1, EVERYTHING)
    assert before == numbered[: len(before)]

    writer = SpoolWriter(path)
    assert writer.seq == len(before)
    writer.append(b"after")
    assert SpoolReader(path).read_from(1, EVERYTHING) == [*before, (len(before) + 1, b"after")]


def test_a_flipped_bit_stops_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "spool.bin"
    fill(path, [b"first", b"second"])
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert SpoolReader(path).read_from(1, EVERYTHING) == [(1, b"first")]


def test_too_large_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="over the limit"):
        SpoolWriter(tmp_path / "spool.bin").append(b"x" * (MAX_RECORD_BYTES + 1))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from worker.spool import SpoolError, SpoolWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = SpoolWriter(Path(sys.argv[1]))
writer.append(b"a" * 100)
resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))
try:
    writer.append(b"b" * 100)
except SpoolError as error:
    print(error.errno, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.append(b"c")
"""


def test_a_full_disk_is_one_clear_error_and_leaves_the_spool_whole(tmp_path: Path) -> None:
    path = tmp_path / "spool.bin"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(errno.EFBIG)) and "takes no more" in done.stdout and "Free space" in done.stdout
    assert SpoolReader(path).read_from(1, EVERYTHING) == [(1, b"a" * 100), (2, b"c")]


WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from worker.spool import SpoolWriter
writer = SpoolWriter(Path(sys.argv[1]))
print("go", flush=True)
while True:
    writer.append(b"%d" % (writer.seq + 1) * 2000)
"""


def test_what_a_killed_writer_appended_is_there_whole(tmp_path: Path) -> None:
    path = tmp_path / "spool.bin"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITE_UNTIL_KILLED, path], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            size = path.stat().st_size
            while path.stat().st_size < size + 100_000:
                pass
            process.kill()
    reader, expected = SpoolReader(path), 1
    while records := reader.read_from(expected, 1 << 20):
        for number, body in records:
            assert (number, body) == (expected, b"%d" % expected * 2000)
            expected += 1
    assert expected > 10
