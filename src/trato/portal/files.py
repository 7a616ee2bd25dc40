"""Which files a visitor may send: decided by what is inside, never by what the browser says."""

from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic

from trato.kit.errors import Invalid, TooLarge

MAX_NAME_CHARS = 120

# Extension → the type we store and serve it as. SVG, HTML, archives and programs are left out on purpose.
ALLOWED = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "txt": "text/plain",
    "csv": "text/csv",
}
_SAME = {"jpeg": "jpg", "jfif": "jpg", "jpe": "jpg", "heif": "heic", "opus": "ogg", "oga": "ogg", "qt": "mov"}
_TEXT = ("csv", "txt")
# Office files are ZIPs, and so is much else: the names of their parts stand uncompressed in the archive's
# directory, so they can be looked for without unpacking anything.
_OFFICE_PART = {"docx": b"word/", "xlsx": b"xl/", "pptx": b"ppt/"}
_MACROS = b"vbaProject.bin"
_BREAKS = "\t\n\r\f"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: a safe name that agrees with the content, and the type of the content."""

    filename: str
    content_type: str


def too_large(max_bytes: int) -> TooLarge:
    """Return the error for a file that is larger than an account takes."""
    return TooLarge(
        "The file is larger than {megabytes} MB.",
        todo="Send a smaller file.",
        values={"megabytes": max_bytes // 1_000_000},
    )


def check(filename: str, data: bytes, *, max_bytes: int) -> Checked:
    """Return what the file is, or raise `TooLarge` or `Invalid` with a sentence for the visitor."""
    if len(data) > max_bytes:
        raise too_large(max_bytes)
    if not data:
        raise Invalid("The file is empty.", field="file")
    name = safe_name(filename)
    claimed = _extension(name)
    possible = _possible(data)
    if not possible:
        raise Invalid(
            "This type of file cannot be sent here.",
            todo="Send an image, a PDF, an office document, text, audio or video.",
            field="file",
        )
    extension = claimed if claimed in possible else possible[0]
    if claimed != extension:
        name = f"{name[: MAX_NAME_CHARS - 5]}.{extension}"  # the name must not promise another content
    return Checked(name, ALLOWED[extension])


def safe_name(filename: str) -> str:
    """Return the last part of a file name without control or direction characters, never empty."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    clean = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    if len(clean) > MAX_NAME_CHARS:
        stem, dot, extension = clean.rpartition(".")
        keep = MAX_NAME_CHARS - len(dot + extension)
        clean = f"{stem[:keep]}{dot}{extension}" if stem and keep > 0 else clean[:MAX_NAME_CHARS]
    return clean or "file"


def _possible(data: bytes) -> list[str]:
    """Return the allowed extensions whose content this may be, the likeliest first."""
    if data.startswith(b"PK"):
        return _office(data)
    try:
        matches = puremagic.magic_string(data)
    except puremagic.PureError:
        matches = []
    found = [_normal(match.extension) for match in matches]
    binary = [extension for extension in found if extension in ALLOWED and extension not in _TEXT]
    if binary:
        return list(dict.fromkeys(binary))
    return list(reversed(_TEXT)) if _is_plain_text(data) else []


def _office(data: bytes) -> list[str]:
    if _MACROS in data:
        return []
    if b"[Content_Types].xml" in data:
        return [extension for extension, part in _OFFICE_PART.items() if part in data]
    return [
        extension for extension in ("odt", "ods") if b"mimetype" + ALLOWED[extension].encode() in data[:200]
    ]


def _is_plain_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not text.lstrip().startswith("<") and not any(sign < " " and sign not in _BREAKS for sign in text)


def _extension(name: str) -> str:
    return _normal(PurePosixPath(name).suffix)


def _normal(extension: str) -> str:
    bare = extension.removeprefix(".").lower()
    return _SAME.get(bare, bare)
