"""Walking the routes of an app as they are served, with what each declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from trato.access.edge import Public, Requirement, declared


@dataclass(frozen=True)
class Served:
    """One method of one path; `dependant` is None for what is not an API route."""

    method: str
    path: str
    dependant: Dependant | None

    @property
    def said(self) -> list[Requirement | Public]:
        """What the route declares: exactly one thing when it is right."""
        return list(declared(self.dependant)) if self.dependant is not None else []

    @property
    def needed(self) -> Requirement | None:
        """What a caller has to be, None for a public route."""
        return next((one for one in self.said if isinstance(one, Requirement)), None)

    @property
    def example(self) -> str:
        """The path with its blanks filled in."""
        return re.sub(r"\{[^}]+\}", str(uuid4()), self.path)


def served(app: FastAPI) -> Iterator[Served]:
    """Yield all that an app serves, mounted things included."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"MOUNT"}):
            yield Served(method, route.path or "", getattr(route, "dependant", None))
