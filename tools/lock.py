"""Locks every version: writes requirements.txt, requirements-dev.txt and the constraints in pyproject.toml.

    python tools/lock.py             after a change of dependencies; keeps the versions that stand
    python tools/lock.py --upgrade   everything to its newest

No file names a registry: whoever installs may use any mirror.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
COMPILE = (
    *(
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--no-config",
        "--generate-hashes",
    ),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
)


def main(*options: str) -> None:
    """Run as a script."""
    compile_to("requirements.txt", "pyproject.toml", *options)
    compile_to("requirements-dev.txt", "pyproject.toml", "--group", "dev", "-c", "requirements.txt", *options)
    build = subprocess.run(
        (*COMPILE, "-", *options),
        input=build_requirements(),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    text = PROJECT.read_text()
    text = replace_list(text, "constraint-dependencies", pins((ROOT / "requirements-dev.txt").read_text()))
    text = replace_list(text, "build-constraint-dependencies", pins(build.stdout))
    PROJECT.write_text(text)


def compile_to(output: str, *arguments: str) -> None:
    """Resolve into one lock; the versions it already holds are preferred."""
    subprocess.run((*COMPILE, "-o", output, *arguments), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def build_requirements() -> str:
    """Return what building a wheel needs, also an editable one."""
    return "hatchling\neditables\nnodejs-wheel-binaries\n-c requirements.txt\n"


def pins(locked: str) -> list[str]:
    """Return the `name==version ; marker` of each package in a lock."""
    return [line.rstrip(" \\") for line in locked.splitlines() if re.match(r"[a-z0-9]", line)]


def replace_list(text: str, key: str, values: list[str]) -> str:
    """Replace one list of pyproject.toml."""
    lines = "".join(f"  {json.dumps(value)},\n" for value in values)
    return re.sub(rf"^{key} = \[[^\]]*\]$", lambda _: f"{key} = [\n{lines}]", text, flags=re.MULTILINE)


if __name__ == "__main__":
    main(*sys.argv[1:])
