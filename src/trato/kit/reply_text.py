"""What a person wrote in a reply, without what they quoted and without their signature.

Works line by line in linear time, for mail programs in the languages of Europe and America. When in doubt
the text stays: too much is a nuisance, too little is a lost message.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from trato.kit import reply_marks as marks

_MAX_CHARACTERS: Final = 400_000
_SIGNATURE_LINES: Final = 25
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in its parts: what was written, and what stands below it each time."""

    reply_text: str
    signature: str


def split_reply(text: str) -> Reply:
    """Return the text without quotes and signatures, and the signatures; never raises.

    Answers between quoted lines are kept, in order. What follows a header block, or an attribution whose
    quote is not marked with `>`, is quoted to the end, unless nothing was written above it. A forwarded
    message with nothing above it is kept.
    """
    lines = text[:_MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = [marks.plain(line) for line in lines]
    written, signatures = [], []
    for segment in _segments(plain):
        above, below = _cut_signature([lines[i] for i in segment], [plain[i] for i in segment])
        written.append("\n".join(above).strip())
        signatures.append("\n".join(below).strip())
    reply_text = "\n\n".join(part for part in written if part)
    if not reply_text and any(marks.is_forwarding(line) for line in plain[:50]):
        reply_text = "\n".join(lines).strip()
    return Reply(reply_text, "\n\n".join(part for part in signatures if part))


def _segments(lines: Sequence[str]) -> Iterator[list[int]]:
    """Yield the lines between two quotes, by their numbers."""
    segment: list[int] = []
    index = 0
    first = marks.next_written(lines, 0)
    while index < len(lines):
        if marks.is_quoted(lines[index]) or marks.is_wrapped_rest(lines, index):
            yield segment
            segment = []
            index += 1
            continue
        if marks.quotes_to_the_end(lines, index):
            break
        length = marks.attribution_length(lines, index)
        following = marks.next_written(lines, index + length) if length else None
        marked = following is not None and marks.is_quoted(lines[following])
        if length and (marked or marks.is_sure(lines[index : index + length])):
            if following is None or not (marked or index == first):
                break
            yield segment
            segment, index = [], following
            continue
        segment.append(index)
        index += 1
    yield segment


def _cut_signature(lines: Sequence[str], plain: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the lines between two quotes into what was written and the signatures, a device's anywhere."""
    end = marks.delimiter_at(plain, _SIGNATURE_LINES)
    for _ in range(_ROUNDS):
        start = _signature_above(plain, end)
        if start is None:
            break
        end = start
    devices = {index for index in range(end) if marks.is_device(plain[index])}
    above = [line for index, line in enumerate(lines[:end]) if index not in devices]
    return above, [*(lines[index] for index in sorted(devices)), *lines[end:]]


def _signature_above(lines: Sequence[str], end: int) -> int | None:
    """Return where a signature starts that ends at `end`: a name set apart, a device, ways to reach them."""
    while end and not lines[end - 1].strip():
        end -= 1
    if not end:
        return None
    if marks.is_device(lines[end - 1]):
        return end - 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start if marks.is_signed_name(lines[start:end]) else marks.contact_block_at(lines, end)
