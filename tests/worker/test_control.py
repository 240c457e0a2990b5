import timeit
from pathlib import Path

from playground.protocol import Command
from worker.control import ControlReader, ControlWriter


def test_commands_arrive_in_order_and_once(tmp_path: Path) -> None:
    reader, writer = ControlReader(tmp_path), ControlWriter(tmp_path)
    assert reader.poll() == []
    sent = [Command(kind="pause"), Command(kind="learning_rate", value=0.5), Command(kind="watch", layers=["c1", "é"])]
    for command in sent:
        assert writer.send(command)
    assert reader.poll() == sent
    assert reader.poll() == []


def test_a_command_sent_before_the_job_started_is_seen(tmp_path: Path) -> None:
    ControlWriter(tmp_path).send(Command(kind="stop"))
    assert ControlReader(tmp_path).poll() == [Command(kind="stop")]


def test_a_number_is_obeyed_once_also_across_agents(tmp_path: Path) -> None:
    reader, first = ControlReader(tmp_path), ControlWriter(tmp_path)
    assert first.send(Command(kind="step"), number=7)
    first.close()
    second = ControlWriter(tmp_path)
    assert not second.send(Command(kind="step"), number=7)
    assert second.send(Command(kind="step"), number=8)
    assert len(reader.poll()) == 2


def test_a_new_agent_cuts_off_a_torn_line(tmp_path: Path) -> None:
    writer = ControlWriter(tmp_path)
    writer.send(Command(kind="pause"))
    writer.close()
    with (tmp_path / "commands.jsonl").open("ab") as file:
        file.write(b'{"number": 2, "comm')
    ControlWriter(tmp_path).send(Command(kind="resume"))
    assert [command.kind for command in ControlReader(tmp_path).poll()] == ["pause", "resume"]


def test_waiting_ends_with_a_command_or_with_the_time(tmp_path: Path) -> None:
    reader, writer = ControlReader(tmp_path), ControlWriter(tmp_path)
    assert not reader.wait(0.01)
    writer.send(Command(kind="resume"))
    assert reader.wait(60)
    assert reader.poll() == [Command(kind="resume")]


def test_looking_for_nothing_new_costs_less_than_two_microseconds(tmp_path: Path) -> None:
    reader = ControlReader(tmp_path)
    assert min(timeit.repeat(reader.poll, number=10_000, repeat=5)) / 10_000 < 2e-6
