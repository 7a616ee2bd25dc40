"""Codes of the second factor: the standard's own vectors, drift, and no second use."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pyotp
import pytest

from trato.access import totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", RFC 6238, appendix B
NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def code(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (20000000000, "353130")],
)
def test_the_vectors_of_rfc_6238(seconds: int, expected: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp.matching_step(SECRET, expected, now=now, last_step=None) == seconds // 30


@pytest.mark.parametrize(("drift_s", "step"), [(-30, STEP - 1), (0, STEP), (30, STEP + 1)])
def test_a_clock_may_differ_by_one_step(drift_s: int, step: int) -> None:
    typed = code(NOW + timedelta(seconds=drift_s))
    assert totp.matching_step(SECRET, typed, now=NOW, last_step=None) == step


@pytest.mark.parametrize("drift_s", [-60, 60, -300, 86_400])
def test_and_no_more(drift_s: int) -> None:
    typed = code(NOW + timedelta(seconds=drift_s))
    assert totp.matching_step(SECRET, typed, now=NOW, last_step=None) is None


def test_a_code_is_accepted_once() -> None:
    step = totp.matching_step(SECRET, code(NOW), now=NOW, last_step=None)
    assert totp.matching_step(SECRET, code(NOW), now=NOW, last_step=step) is None
    earlier = code(NOW - timedelta(seconds=30))
    assert totp.matching_step(SECRET, earlier, now=NOW, last_step=step) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "٣٤٥٦٧٨", "-12345", "1 2 3"])
def test_what_is_no_code(typed: str) -> None:
    assert totp.matching_step(SECRET, typed, now=NOW, last_step=None) is None


def test_blanks_as_people_type_them() -> None:
    typed = code(NOW)
    assert totp.matching_step(SECRET, f" {typed[:3]} {typed[3:]} ", now=NOW, last_step=None) == STEP


def test_the_qr_code_is_one_svg_without_inline_style() -> None:
    svg = totp.qr_svg(totp.uri(SECRET, email="ana@example.com", issuer="Trato"))
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert "style=" not in svg
    assert "<script" not in svg


def test_recovery_codes_work_however_they_are_typed_and_once() -> None:
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    hashes = [totp.recovery_hash(one) for one in codes]
    left = totp.without_recovery_code(hashes, codes[3].upper().replace("-", " "))
    assert left is not None
    assert len(left) == len(codes) - 1
    assert totp.without_recovery_code(left, codes[3]) is None
    assert totp.without_recovery_code(hashes, "") is None
