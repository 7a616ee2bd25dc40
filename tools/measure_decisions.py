"""Measure what a decision costs, in memory alone: it must not grow with those who wait.

1,000 agents, 20 queues with skills, levels, languages and channels; `--waiting` as many as wait. First all
agents are busy, and each who gets room is offered the next contact while another one arrives; then all who
wait are gone and contacts arrive one by one while agents are free.
"""

import argparse
import json
import random
import resource
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

from asyncpg.pgproto import pgproto

from trato.decide.agents import Candidate, Profile
from trato.decide.floor import Floor
from trato.decide.waiting import Queue, Relaxation, Waiting, normalised

AGENTS = 1_000


QUEUES = 20
SPOKE_LAST = 0.1  # the share who are known to an agent


def number_id(number: int) -> UUID:
    """Return an id that stands for a number."""
    identifier: UUID = pgproto.UUID(number.to_bytes(16, "big"))  # as the driver gives them
    return identifier


SKILLS = [number_id(1000 + number) for number in range(15)]
LANGUAGES = ["es", "es", "es", "pt", "en"]
CHANNELS = ["webchat", "email", "whatsapp"]
STEPS = [Relaxation(120, "level", 2), Relaxation(300, "language")]


def main() -> None:
    """Print one line for each number of those who wait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5_000)
    arguments = parser.parse_args()
    for waiting in arguments.waiting:
        print(json.dumps(measure(waiting, arguments.rounds)))


def measure(waiting: int, rounds: int) -> dict[str, float]:
    """Return the seconds to take everybody in and the microseconds of each assignment."""
    chance = random.Random(1)  # noqa: S311  the same load each time; nothing secret
    now = datetime(2026, 3, 1, tzinfo=UTC)
    floor = Floor()
    agents = open_floor(floor, chance, now)
    contacts = [contact(number, chance, now, waiting) for number in range(waiting + rounds)]

    began = perf_counter()
    for one in contacts[:waiting]:
        floor.waits(one)
    floor.offers(now, 1)
    taken_in_s = perf_counter() - began

    while floor.offers(now, 1_000):
        pass
    began, assigned = perf_counter(), 0
    for number in range(rounds):
        agent = chance.choice(agents)
        floor.present(Candidate(agent, 3, 4, now))
        floor.waits(contacts[waiting + number])
        assigned += len(floor.offers(now, 200))
    backlog_s = perf_counter() - began

    for one in contacts:
        floor.left(one.conversation_id)
    for agent in agents:
        floor.present(Candidate(agent, 1, 4, now - timedelta(seconds=chance.random() * 900)))
    began = perf_counter()
    for one in contacts[:rounds]:
        floor.waits(one._replace(since=now))
        for offer in floor.offers(now, 200):
            floor.present(Candidate(offer.agent_id, 1, 4, now))
    free_s = perf_counter() - began
    return {
        "waiting": waiting,
        "taken_in_s": round(taken_in_s, 3),
        "backlog_us": round(backlog_s / max(assigned, 1) * 1e6, 1),
        "assigned": assigned,
        "free_us": round(free_s / rounds * 1e6, 1),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def open_floor(floor: Floor, chance: random.Random, now: datetime) -> list[UUID]:
    """Set up queues and agents, all of them busy but for one unit."""
    for number in range(QUEUES):
        skills = {skill: chance.randint(1, 4) for skill in chance.sample(SKILLS, chance.randint(0, 2))}
        floor.queue(
            Queue(
                number_id(100 + number),
                f"Queue {number}",
                chance.choice((0, 0, 1)),
                language_needed=number % 3 == 0,
                skills=skills,
                relaxation=normalised(STEPS),
            )
        )
    agents = [number_id(5000 + number) for number in range(AGENTS)]
    for agent in agents:
        skills = {skill: chance.randint(2, 5) for skill in chance.sample(SKILLS, chance.randint(2, 5))}
        floor.profile(agent, Profile(skills, frozenset({chance.choice(LANGUAGES), "es"})))
        floor.present(Candidate(agent, 3, 4, now))
    return agents


def contact(number: int, chance: random.Random, now: datetime, waiting: int) -> Waiting:
    """Return somebody who waits; the first came first, over ten minutes."""
    ago_s = max(0.0, 600 * (1 - number / waiting)) if waiting else 0.0
    return Waiting(
        number_id(1_000_000 + number),
        now - timedelta(seconds=ago_s),
        queue_id=number_id(100 + chance.randrange(QUEUES)),
        channel=chance.choice(CHANNELS),
        language=chance.choice(LANGUAGES),
        spoke_last=number_id(5000 + chance.randrange(AGENTS)) if chance.random() < SPOKE_LAST else None,
    )


if __name__ == "__main__":
    main()
