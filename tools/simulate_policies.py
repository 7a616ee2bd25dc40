"""Compare whom the router chooses with first-come-first-served and with chance, on the same contacts.

Sixty agents who take one at a time and know two of six matters; contacts arrive at random, and four in ten
have spoken with one of those agents before. Whoever knows the case takes `--known` of the usual time. First
come offers each contact to whoever has been idle longest among those who can, and knows nothing of who spoke
with whom; chance draws both. Prints a line for each policy: mean, p90 and p99 of the wait in seconds, and
which share of those who know an agent met that one.
"""

import argparse
import heapq
import json
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from trato.decide.agents import Candidate, Profile
from trato.decide.floor import Floor
from trato.decide.waiting import Queue, Waiting, normalised

AGENTS, MATTERS = 60, 6
HANDLE_S = 300.0
PATIENCE_S = 5  # as a queue has it when nobody says otherwise
KNOW_ONE = 0.4  # the share of the contacts
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who will come: when, about what, whom they know, and how long it takes with anybody else."""

    number: int
    at_s: float
    matter: int
    knows: int | None
    takes_s: float


@dataclass(slots=True)
class House:
    """Who is free since when, and who waits in the order of coming."""

    skills: Sequence[frozenset[int]]
    idle_since: dict[int, float] = field(default_factory=dict)
    waiting: dict[int, Contact] = field(default_factory=dict)

    def able(self, contact: Contact) -> list[int]:
        """Return the free who can help, longest idle first."""
        found = [agent for agent in self.idle_since if contact.matter in self.skills[agent]]
        return sorted(found, key=lambda agent: (self.idle_since[agent], agent))


Policy = Callable[[House, float], list[tuple[int, int]]]


def first_come(house: House, _at_s: float) -> list[tuple[int, int]]:
    """Give whoever came first to whoever has been idle longest."""
    for contact in house.waiting.values():
        able = house.able(contact)
        if able:
            return [(contact.number, able[0])]
    return []


def by_chance(seed: int) -> Policy:
    """Return the policy that draws among all pairs that fit."""
    dice = random.Random(seed)  # noqa: S311  the same draw each time; nothing secret

    def draw(house: House, _at_s: float) -> list[tuple[int, int]]:
        pairs = [(one.number, agent) for one in house.waiting.values() for agent in house.able(one)]
        return [dice.choice(pairs)] if pairs else []

    return draw


def as_the_router(skills: Sequence[frozenset[int]], patience_s: int) -> Policy:
    """Return what `decide.floor` chooses, told of the house as the router is."""
    floor, known = Floor(), set[int]()
    for matter in range(MATTERS):
        needed = {_id("skill", matter): 1}
        queue = Queue(
            _id("queue", matter), str(matter), patience_s=patience_s, skills=needed, relaxation=normalised([])
        )
        floor.queue(queue)
    for agent, knows in enumerate(skills):
        floor.profile(_id("agent", agent), Profile({_id("skill", matter): 3 for matter in knows}))

    def offers(house: House, at_s: float) -> list[tuple[int, int]]:
        for number, contact in house.waiting.items():
            if number not in known:
                known.add(number)
                floor.waits(_waiting(contact))
        for agent in range(AGENTS):
            since = BEGIN + timedelta(seconds=house.idle_since.get(agent, at_s))
            floor.present(Candidate(_id("agent", agent), int(agent not in house.idle_since), 1, since))
        made = floor.offers(BEGIN + timedelta(seconds=at_s), AGENTS)
        return [(_number(offer.conversation_id), _number(offer.agent_id)) for offer in made]

    return offers


def _waiting(contact: Contact) -> Waiting:
    return Waiting(
        _id("contact", contact.number),
        BEGIN + timedelta(seconds=contact.at_s),
        queue_id=_id("queue", contact.matter),
        spoke_last=None if contact.knows is None else _id("agent", contact.knows),
    )


def _id(kind: str, number: int) -> UUID:
    return UUID(int=(("skill", "queue", "agent", "contact").index(kind) + 1) << 64 | number)


def _number(identifier: UUID) -> int:
    return identifier.int & (1 << 64) - 1


def simulate(
    contacts: Sequence[Contact],
    skills: Sequence[frozenset[int]],
    policy: Policy,
    known: float,
    patience_s: int,
) -> dict[str, float]:
    """Let everybody come, wait and be helped."""
    house, order = House(skills, dict.fromkeys(range(AGENTS), 0.0)), count()
    events: list[tuple[float, int, Contact | int | None]] = [(one.at_s, next(order), one) for one in contacts]
    heapq.heapify(events)
    waits: list[float] = []
    met = 0
    while events:
        at_s, _, what = heapq.heappop(events)
        if isinstance(what, Contact):
            house.waiting[what.number] = what
            heapq.heappush(events, (at_s + patience_s + 0.1, next(order), None))  # patience ends
        elif what is not None:
            house.idle_since[what] = at_s
        while pairs := policy(house, at_s):
            for number, agent in pairs:
                contact = house.waiting.pop(number)
                del house.idle_since[agent]
                waits.append(at_s - contact.at_s)
                met += agent == contact.knows
                takes_s = contact.takes_s * (known if agent == contact.knows else 1.0)
                heapq.heappush(events, (at_s + takes_s, next(order), agent))
    return {
        "mean_s": round(statistics.mean(waits), 1),
        "p90_s": round(statistics.quantiles(waits, n=10)[8], 1),
        "p99_s": round(statistics.quantiles(waits, n=100)[98], 1),
        "met_whom_they_know": round(met / sum(one.knows is not None for one in contacts), 3),
    }


def main() -> None:
    """Print one line for each policy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument(
        "--busy", type=float, default=0.95, help="share of the agents' time that is asked for"
    )
    parser.add_argument(
        "--known", type=float, default=0.8, help="share of the usual time when they know the case"
    )
    parser.add_argument(
        "--patience", type=int, default=PATIENCE_S, help="seconds that the router waits for them"
    )
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    dice = random.Random(told.seed)  # noqa: S311  the same contacts each time; nothing secret
    skills = [
        frozenset({agent % MATTERS, (agent // MATTERS + agent + 1) % MATTERS}) for agent in range(AGENTS)
    ]
    contacts, at_s = [], 0.0
    for number in range(told.contacts):
        at_s += dice.expovariate(told.busy * AGENTS / HANDLE_S)
        matter = dice.randrange(MATTERS)
        those = [agent for agent in range(AGENTS) if matter in skills[agent]]
        knows = dice.choice(those) if dice.random() < KNOW_ONE else None
        contacts.append(Contact(number, at_s, matter, knows, dice.expovariate(1 / HANDLE_S)))
    policies = {
        "router": as_the_router(skills, told.patience),
        "first come": first_come,
        "chance": by_chance(told.seed),
    }
    for name, policy in policies.items():
        print(json.dumps({"policy": name, **simulate(contacts, skills, policy, told.known, told.patience)}))


if __name__ == "__main__":
    main()
