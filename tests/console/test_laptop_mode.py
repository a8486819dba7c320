"""`make run`: the first minute with it, and the last second."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.playground import WINDOW, Laptop, a_laptop, answers, run_to_its_end

needs_window = pytest.mark.skipif(
    not (shutil.which("node") and WINDOW.exists()), reason="needs the chat window: npm ci"
)


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    with a_laptop(tmp_path_factory.mktemp("laptop")) as laptop:
        yield laptop


def test_it_starts_in_a_clean_folder_with_the_sample_week(laptop: Laptop):
    assert f"{laptop.url}/laptop" in laptop.printed
    assert "Try Learnweek on this machine" in laptop.read("/laptop")
    assert "Leading from any seat" in laptop.read("/hub")


@needs_window
def test_the_window_is_for_this_machine_only(laptop: Laptop):
    port = int(laptop.chat.rpartition(":")[2])

    assert answers(laptop.chat)
    with pytest.raises(OSError, match=r"refused|assign|timed out"):
        socket.create_connection(("127.0.0.2", port), timeout=2)


@needs_window
def test_a_window_whose_port_is_taken_says_where_it_is_instead_and_stops_with_the_bot(
    laptop: Laptop, tmp_path: Path
):
    with a_laptop(tmp_path) as second:
        was_open = answers(second.chat)
        code = second.stop()

    assert "port 56150 is taken" in second.printed
    assert was_open
    assert code == 0
    assert not answers(second.chat)
    assert "Traceback" not in second.printed


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = run_to_its_end(tmp_path, "laptop", PORT=str(port))

    assert result.returncode == 1
    assert f"Port {port} is in use" in result.stderr
    assert f"PORT={port + 1}" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_node_it_says_how_to_get_the_window_and_serves_all_the_same(tmp_path: Path):
    with a_laptop(tmp_path, PATH=str(tmp_path)) as laptop:
        assert "Node.js (18 or newer) is not installed" in laptop.printed
        assert "app.py chat" in laptop.printed
        assert laptop.chat == ""
        assert answers(f"{laptop.url}/readyz")
