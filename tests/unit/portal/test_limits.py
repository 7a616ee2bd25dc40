"""A visitor may be quick for a moment, a network may not flood."""

import pytest

from trato.kit.errors import TooMany
from trato.portal import limits
from trato.portal.limits import Limiter, Rate

NOW = 1_000.0
RATE = Rate("messages", burst=3, per_s=0.5)


def test_a_burst_passes_then_it_waits_and_opens_again():
    limiter = Limiter()
    for _ in range(3):
        limiter.take(RATE, "ana", NOW)
    with pytest.raises(TooMany) as refused:
        limiter.take(RATE, "ana", NOW)
    assert refused.value.retry_after_s == 3
    limiter.take(RATE, "ana", NOW + 2)


def test_one_does_not_pay_for_another_nor_one_rate_for_another():
    limiter = Limiter()
    limiter.take(RATE, "ana", NOW, amount=3)
    limiter.take(RATE, "luis", NOW, amount=3)
    limiter.take(Rate("files", 3, 0.5), "ana", NOW, amount=3)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BUCKETS", 10)
    limiter = Limiter()
    for number in range(100):
        limiter.take(RATE, str(number), NOW)
    assert len(limiter._buckets) == 10
