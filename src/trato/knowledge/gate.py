"""What readers and content owners judged, and the gate that is learned from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import bindparam

from trato.decide.unanswered import kept
from trato.kit.errors import Conflict
from trato.kit.ids import new_id
from trato.knowledge.tables import answer_gate, answer_sample

if TYPE_CHECKING:  # numpy is loaded by who learns, or looks at the curve
    from trato.decide.answer_gate import Gate

LATEST: Final = 5_000  # samples that are learned from

_SAMPLES = text("""
    SELECT language, question, judged_right, judge, signals FROM answer_sample
    ORDER BY created_at DESC, id DESC LIMIT :limit
""")
_STORE = text("""
    INSERT INTO answer_gate (single, gate, samples, precision, made_by)
    VALUES (true, :gate, :samples, :precision, :by)
    ON CONFLICT (single) DO UPDATE SET gate = excluded.gate, samples = excluded.samples,
        precision = excluded.precision, made_by = excluded.made_by, made_at = now()
""").bindparams(bindparam("gate", type_=JSONB))


@dataclass(frozen=True, slots=True)
class Kept:
    """The gate that this installation learned."""

    values: dict[str, Any]
    samples: int
    precision: float
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of learning: the curve's ground, and the gate."""

    samples: int
    right: int
    gate: "Gate"


async def judge(
    c: AsyncConnection, language: str, question: str, signals: Sequence[float], *, right: bool, judge: str
) -> None:
    """Keep what somebody said of the first hit of a question; one that tells nothing is not kept."""
    shown = kept(question)
    if not shown or not len(signals):
        return
    values = {"language": language, "question": shown, "judged_right": right, "judge": judge}
    row = values | {"id": new_id(), "signals": [float(signal) for signal in signals]}
    await c.execute(insert(answer_sample).values(**row))


async def samples(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return what was judged last, of the signals that the gate knows."""
    from trato.decide.answer_gate import SIGNALS

    rows = (await c.execute(_SAMPLES, {"limit": LATEST})).mappings()
    return [dict(row) for row in rows if len(row["signals"]) == len(SIGNALS)]


async def kept_gate(c: AsyncConnection) -> Kept | None:
    """Return the gate that was learned here, None where none was."""
    row = (await c.execute(select(answer_gate))).mappings().first()
    return Kept(row["gate"], row["samples"], row["precision"], row["made_at"]) if row is not None else None


async def calibrate(c: AsyncConnection, base: "Gate", precision: float, *, actor: str) -> Learned:
    """Learn the gate from what was judged and have it serve in every process within a second.

    Raises `Conflict` where that is too little, or no threshold gives that precision; then nothing changes.
    """
    import numpy as np

    from trato.decide import calibration

    rows = await samples(c)
    right = np.array([row["judged_right"] for row in rows], bool)
    if not calibration.is_enough(right):
        raise Conflict(
            "Too few answers were judged to learn from.",
            todo="Wait until readers have said yes or no to more.",
        )
    signals = np.array([row["signals"] for row in rows], float)
    groups = [f"{row['language']} {row['question']}" for row in rows]
    found = calibration.learned(base, signals, right, groups, precision)
    if found is None:
        raise Conflict(
            "No threshold makes answers that precise.",
            todo="Ask for less precision, or mend the articles first.",
        )
    values = {"gate": found.values(), "samples": len(rows), "precision": precision, "by": actor}
    await c.execute(_STORE, values)
    return Learned(len(rows), int(right.sum()), found)


async def told(c: AsyncConnection, learned: Learned) -> dict[str, Any]:
    """Return what was learned, with what the gate now says of the judged questions and what came true."""
    import numpy as np

    from trato.decide import answer_gate as decide

    rows = await samples(c)
    right = np.array([row["judged_right"] for row in rows], bool)
    probabilities = learned.gate.probabilities(np.array([row["signals"] for row in rows], float))
    return {
        "samples": learned.samples,
        "right": learned.right,
        "wrong": learned.samples - learned.right,
        "threshold": learned.gate.threshold,
        "curve": decide.curve(probabilities, right),
    }


async def curve(c: AsyncConnection, gate: "Gate") -> dict[str, Any]:
    """Return how a gate does on what was judged here."""
    import numpy as np

    from trato.decide import calibration

    rows = await samples(c)
    right = np.array([row["judged_right"] for row in rows], bool)
    signals = np.array([row["signals"] for row in rows], float)
    probabilities = gate.probabilities(signals) if rows else np.zeros(0)
    return {
        "threshold": gate.threshold,
        "samples": len(rows),
        "right": int(right.sum()),
        "wrong": len(rows) - int(right.sum()),
        "by_readers": sum(row["judge"] == "reader" for row in rows),
        "enough": calibration.is_enough(right),
        "needed": calibration.ENOUGH,
        "needed_of_each": calibration.OF_EACH,
        "points": calibration.points(probabilities, right),
    }
