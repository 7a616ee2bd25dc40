"""Work in a child: its result or its error comes back, its traces do not."""

import os
import signal

import pytest

from trato.kit.errors import Conflict, Unavailable
from trato.kit.forked import in_child

TRACES: list[int] = []


def test_a_result_comes_back_and_traces_do_not() -> None:
    def work() -> dict[str, int]:
        TRACES.append(1)
        return {"pid": os.getpid()}

    assert in_child(work)["pid"] != os.getpid()
    assert not TRACES


def test_an_error_comes_back_with_its_mend() -> None:
    def work() -> None:
        raise Conflict("Taken.", todo="Choose another.")

    with pytest.raises(Conflict, match="Taken") as raised:
        in_child(work)
    assert raised.value.todo == "Choose another."


def test_a_killed_child_is_told() -> None:
    with pytest.raises(Unavailable, match="killed"):
        in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
