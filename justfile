# Shortcuts; everything works without `just` too.

# Run the demonstration
dev *ARGS:
    ./trato up --demo {{ARGS}}

# All checks and tests; ARGS go to pytest
test *ARGS:
    ./trato test {{ARGS}}

# The checks alone, without tests
check:
    .venv/bin/ruff format --check src tests tools .ci
    .venv/bin/ruff check src tests tools .ci
    .venv/bin/mypy
    .venv/bin/lint-imports
    .venv/bin/deptry src
    .venv/bin/python tools/build_web.py npm run lint
    .venv/bin/python tools/build_web.py npm run check

# Measure against the limit below: ingest, live, …
bench *ARGS:
    ./trato bench {{ARGS}}

# Serve desk and widget with live reload, beside a running `just dev`
web:
    .venv/bin/python tools/build_web.py npm run dev

# Write the first migration again from the tables (until the first release)
migrate:
    .venv/bin/python tools/freeze_migration.py

# Start a connector's folder
new-channel NAME:
    ./trato new-channel {{NAME}}

# Lock every version after a change of dependencies (--upgrade: to the newest)
lock *ARGS:
    .venv/bin/python tools/lock.py {{ARGS}}
