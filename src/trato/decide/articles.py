"""What is to do about an article: which translations its source has left behind, and whether it is due."""

from collections.abc import Mapping
from datetime import date


def stale(source_language: str, matters: int, written_from: Mapping[str, int]) -> frozenset[str]:
    """Return the languages whose text was written before the source changed in what matters.

    `matters` is the number of the source's last version that was more than a small correction;
    `written_from` says for each language which version of the source it was written from.
    """
    return frozenset(
        language
        for language, number in written_from.items()
        if language != source_language and number < matters
    )


def is_due(review_at: date | None, today: date) -> bool:
    """Say whether somebody should look today whether an article still holds."""
    return review_at is not None and review_at <= today
