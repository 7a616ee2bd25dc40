"""Calls that come at the same moment share one commit: what a commit costs is paid once for all of them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg

IN_FLIGHT: Final = 4  # calls of one process at the server, before others wait to go together
TOGETHER: Final = 8  # in one transaction
# Whoever holds several rows must not let others wait for long, nor wait in a circle with somebody like that.
LOCK_TIMEOUT: Final = "200ms"

# The server refused the whole transaction, or the driver what it should have sent: nothing was written.
_NOTHING_WRITTEN: Final = (asyncpg.PostgresError, ValueError)
_CUT_OFF: Final = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)

_Call = tuple[Sequence[Any], asyncio.Future[str]]


@dataclass(slots=True)
class Gathering:
    """Calls a database function that takes one composite value; its answers are texts.

    A call that finds room goes at once, as a transaction of its own. What comes while `IN_FLIGHT` are at the
    server goes with the others as soon as one of them is back. When several were refused together, each is
    tried once more alone, so that one never harms another; when the connection broke, all are told so, since
    nobody knows what was written.
    """

    run: Callable[..., Awaitable[Any]]  # one statement and its parameters, as `Database.call` does it
    function: str
    row_type: str
    _in_flight: int = 0
    _waiting: deque[_Call] = field(default_factory=deque)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _statements: dict[int, str] = field(default_factory=dict)

    async def call(self, values: Sequence[Any]) -> str:
        """Return what the function answers, once it is committed; raises what the driver raises."""
        if self._in_flight >= IN_FLIGHT:
            answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self._waiting.append((values, answer))
            return await answer
        self._in_flight += 1
        try:
            return await self._alone(values)
        finally:
            self._one_is_back()

    def _one_is_back(self) -> None:
        self._in_flight -= 1
        if self._waiting:
            self._in_flight += 1
            calls = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
            task = asyncio.create_task(self._go(calls))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _go(self, calls: Sequence[_Call]) -> None:
        try:
            if len(calls) == 1 or not await self._together(calls):
                await asyncio.gather(*(self._tell(one) for one in calls))
        except Exception as error:  # noqa: BLE001 - whoever waits for an answer deals with it
            for _, answer in calls:
                if not answer.done():
                    answer.set_exception(error)
        finally:
            for _, answer in calls:  # of a task that was cancelled
                answer.cancel()
            self._one_is_back()

    async def _tell(self, call: _Call) -> None:
        values, answer = call
        try:
            found = await self._alone(values)
        except Exception as error:  # noqa: BLE001 - as above, and the others go on
            if not answer.done():
                answer.set_exception(error)
        else:
            _settle(answer, found)

    async def _alone(self, values: Sequence[Any]) -> str:
        answer: str = await self.run(self._statement(len(values), 1), *values)
        return answer

    async def _together(self, calls: Sequence[_Call]) -> bool:
        """Settle all calls in one transaction; False when nothing was written and each may be tried alone."""
        flat = [value for values, _ in calls for value in values]
        try:
            answers = await self.run(self._statement(len(calls[0][0]), len(calls)), *flat)
        except _CUT_OFF:
            raise
        except _NOTHING_WRITTEN:
            return False
        for (_, answer), found in zip(calls, answers[1:], strict=True):
            _settle(answer, found)
        return True

    def _statement(self, columns: int, count: int) -> str:
        known = self._statements.get(count)
        if known is None:
            places = [", ".join(f"${nth * columns + n + 1}" for n in range(columns)) for nth in range(count)]
            calls = [f"{self.function}(ROW({row})::{self.row_type})::text" for row in places]
            limit = f"set_config('lock_timeout', '{LOCK_TIMEOUT}', true)"
            several = f"SELECT ARRAY[{', '.join((limit, *calls))}]"
            known = self._statements[count] = f"SELECT {calls[0]}" if count == 1 else several
        return known


def _settle(answer: asyncio.Future[str], found: str) -> None:
    if not answer.done():
        answer.set_result(found)
