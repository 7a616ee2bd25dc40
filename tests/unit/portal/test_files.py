"""A file is what it holds, not what its name or the browser says."""

import io
import zipfile

import pytest

from trato.kit.errors import Invalid, TooLarge
from trato.portal.files import check, safe_name

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 64


def zipped(*names: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data", "filename", "content_type"),
    [
        ("foto.png", PNG, "foto.png", "image/png"),
        ("foto.JPEG", JPEG, "foto.JPEG", "image/jpeg"),
        ("factura.pdf", b"%PDF-1.7\n...", "factura.pdf", "application/pdf"),
        ("nota.docx", DOCX, "nota.docx", WORD),
        ("lista.csv", "año,1\n".encode(), "lista.csv", "text/csv"),
        ("notas", "señora".encode(), "notas.txt", "text/plain"),
        ("clip.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0", "clip.mp4", "video/mp4"),
        ("audio.ogg", b"OggS\0\x02" + b"\0" * 20, "audio.ogg", "audio/ogg"),
    ],
)  # fmt: skip
def test_known_files_keep_their_name_and_get_the_type_of_their_content(name, data, filename, content_type):
    checked = check(name, data, max_bytes=10_000_000)
    assert (checked.filename, checked.content_type) == (filename, content_type)


@pytest.mark.parametrize("name", ["factura.exe", "foto.svg", "page.html", "foto.jpg", "imagen", ".htaccess"])
def test_a_name_that_promises_something_else_gets_the_right_extension(name):
    checked = check(name, PNG, max_bytes=10_000_000)
    assert checked.content_type == "image/png"
    assert checked.filename.endswith(".png")


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg/>',
        b"\xef\xbb\xbf <!DOCTYPE html><html></html>",
        b"  \n<html><script>1</script></html>",
        b"<script>1</script>",
        b"MZ\x90\0" + b"\0" * 64,
        b"\x7fELF" + b"\0" * 64,
        b"texto\0con nulos",
        b"\xff\xfe\x00\x01\x02",
        zipped("a.txt"),
        zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        zipped("META-INF/MANIFEST.MF"),
        b"Rar!\x1a\x07\0" + b"\0" * 30,
    ],
)
@pytest.mark.parametrize("name", ["foto.png", "nota.docx", "notas.txt", "x.svg"])
def test_what_can_do_harm_is_refused_under_any_name(name, data):
    with pytest.raises(Invalid, match="cannot be sent"):
        check(name, data, max_bytes=10_000_000)


def test_an_archive_is_never_unpacked(monkeypatch):
    def unpacked(*_):
        raise AssertionError("unpacked")

    bomb = zipped("[Content_Types].xml", "word/document.xml", content=b"\0" * 20_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", unpacked)
    assert check("nota.docx", bomb, max_bytes=10_000_000).filename == "nota.docx"


def test_size_limits_hold():
    with pytest.raises(TooLarge, match="1 MB"):
        check("foto.png", PNG + b"\0" * 1_000_000, max_bytes=1_000_000)
    with pytest.raises(Invalid, match="empty"):
        check("foto.png", b"", max_bytes=1_000_000)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fotos\\foto.png", "foto.png"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe
