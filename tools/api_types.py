"""Write the desk's types of the HTTP API from the routes; with --check, say whether they are fresh.

The routes of visitors are left out: the widget has its own few. The first line of the file holds a digest of
what it was made from, so that the check needs no Node.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from trato.app.web import include_routes

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "web/src/api/schema.d.ts"
VISITORS = "/api/v1/visitor"
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def document() -> str:
    """Return the OpenAPI description of what the desk may call, in one stable spelling."""
    app = FastAPI(title="Trato", version="1")
    include_routes(app)
    described = app.openapi()
    paths = {path: what for path, what in described["paths"].items() if not path.startswith(VISITORS)}
    schemas = described["components"]["schemas"]
    used = {name: schemas[name] for name in sorted(reachable(json.dumps(paths), schemas))}
    return json.dumps(
        {**described, "paths": paths, "components": {"schemas": used}}, indent=1, sort_keys=True
    )


def reachable(text: str, schemas: Mapping[str, Any]) -> set[str]:
    """Return the names of the schemas that a text refers to, directly or through others."""
    found: set[str] = set()
    new = set(REFERENCE.findall(text))
    while new:
        found |= new
        new = {ref for name in new for ref in REFERENCE.findall(json.dumps(schemas[name]))} - found
    return found


def head(description: str) -> str:
    """Return the first line of the types that are made from a description."""
    digest = hashlib.sha256(description.encode()).hexdigest()[:16]
    return f"// Written by `python tools/api_types.py` from the routes ({digest}); do not edit.\n"


def fresh() -> bool:
    """Say whether the file was made from the routes as they are."""
    return FILE.exists() and FILE.read_text("utf-8").startswith(head(document()))


def write() -> None:
    """Make the types; raises CalledProcessError when openapi-typescript fails."""
    description = document()
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as source:
        source.write(description)
        source.flush()
        made = ("openapi-typescript", source.name, "-o", str(FILE))
        options = ("--path-params-as-types", "--default-non-nullable=false")
        npm = (sys.executable, str(ROOT / "tools/build_web.py"), "npm", "exec", "--")
        subprocess.run((*npm, *made, *options), check=True)
    FILE.write_text(head(description) + FILE.read_text("utf-8"), "utf-8")


def main() -> int:
    """Write or check; returns 1 when the types are not fresh."""
    if "--check" not in sys.argv:
        write()
        return 0
    if fresh():
        return 0
    print(f"{FILE} is not fresh: run python tools/api_types.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
