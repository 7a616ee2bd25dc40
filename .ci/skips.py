"""Fails when a test was skipped for a reason that is not known to be impossible on the machine of CI.

python .ci/skips.py FOLDER     reads every JUnit report in it
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

# The start of a reason → why nothing can be done about it there. Short by intention: install what is missing
# in tools/test_packages.py instead.
IMPOSSIBLE: dict[str, str] = {}


def skipped(report: Path) -> Iterator[tuple[str, str]]:
    """Yield the test and the reason of every skip in one report (an expected failure is none)."""
    for case in ET.parse(report).getroot().iter("testcase"):
        for skip in case.findall("skipped"):
            if skip.get("type") != "pytest.xfail":
                yield f"{case.get('classname')}::{case.get('name')}", skip.get("message", "")


def main(folder: Path) -> int:
    """Print what must not have been skipped; return the exit status."""
    reports = sorted(folder.glob("*.xml"))
    if not reports:
        print(f"ci: no report in {folder}: the tests did not run")
        return 1
    wrong = [
        (test, reason)
        for report in reports
        for test, reason in skipped(report)
        if not reason.startswith(tuple(IMPOSSIBLE))
    ]
    for test, reason in wrong:
        print(f"ci: skipped, but must run here: {test}: {reason}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
