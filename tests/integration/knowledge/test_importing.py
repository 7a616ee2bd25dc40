"""What is imported twice is there once; what was changed here stays; what is exported can be imported."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from trato.knowledge import exporting, importing, reading
from trato.knowledge.importing import Outcome, Wishes

from .conftest import Shelf

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def quiet(_: str) -> None: ...


async def bring_in(shelf: Shelf, path: Path, **wishes: object) -> Outcome:
    return await importing.keep(shelf.services, reading.read(path, None), Wishes(**wishes), quiet)  # type: ignore[arg-type]


def row(number: int, said: str = "Texto") -> dict[str, object]:
    return {
        "id": f"a/{number}",
        "es": {"title": f"Artículo {number}", "desc": "D", "body": said},
        "pt_BR": {"title": f"Artigo {number}", "desc": "D", "body": said},
    }


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in rows))
    return path


async def test_again_and_changed_and_changed_here(shelf: Shelf, http, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", row(1), row(2))
    first = await bring_in(shelf, file, publish=True, section="Ayuda")
    assert (first.articles, first.created, first.changed, first.published) == (2, 2, 4, 4)
    again = await bring_in(shelf, file, publish=True)
    assert (again.created, again.changed, again.unchanged, again.published) == (0, 0, 4, 0)

    listed = (await http.get("/articles")).json()["items"]
    assert len(listed) == 2
    mine = next(one for one in listed if one["external_id"] == "a/1")
    assert [(one["language"], one["published"], one["stale"]) for one in mine["translations"]] == [
        ("es", 1, False),
        ("pt", 1, False),
    ]
    await http.put(f"/articles/{mine['id']}/texts/es", json={"title": "Escrito aquí", "body": "Aquí"})
    write(file, row(1, "Otro"), row(2, "Otro"))
    third = await bring_in(shelf, file, publish=True)
    assert (third.changed, third.published) == (3, 3)
    assert third.kept == ["a.jsonl:1 es: Escrito aquí"]
    text_now = (await http.get(f"/articles/{mine['id']}/texts/es")).json()
    assert (text_now["title"], text_now["published"]) == ("Escrito aquí", 1)
    fourth = await bring_in(shelf, file, publish=True, overwrite=True)
    assert (fourth.changed, fourth.kept) == (1, [])


async def test_a_bad_row_harms_no_other(shelf: Shelf, http, tmp_path: Path) -> None:
    broken = {"id": "x", "title": "Demasiado", "text": "\n\n".join(["# &"] * 10_000), "language": "es"}
    file = write(tmp_path / "a.jsonl", row(1), row(1), broken, {"id": "y", "title": ""}, row(2))
    found = await bring_in(shelf, file, publish=True)
    assert (found.created, found.published) == (2, 4)
    assert len((await http.get("/articles")).json()["items"]) == 2
    assert [(one.where, one.why.split(":")[0]) for one in found.failed] == [
        ("a.jsonl:2 es", "is there twice"),
        ("a.jsonl:2 pt_BR", "is there twice"),
        ("a.jsonl:4", "has no title"),
        ("a.jsonl:3", "The text is too long for one page. Make two articles of it."),
    ]


async def test_out_and_in_again_with_pictures(shelf: Shelf, tmp_path: Path, db) -> None:
    source = tmp_path / "in" / "es" / "uso"
    source.mkdir(parents=True)
    (source / "placa de datos.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG + b"1")
    (source / "placa.md").write_text(
        '---\ntitle: "«Placa»: dónde está"\nkind: policy\n---\n\nEn la puerta.\n\n'
        "![Placa](placa%20de%20datos.png)\n\n![Otra](../../../secret.png)\n"
    )
    (source / "borrador.md").write_text("---\nstate: draft\n---\nAún no.")
    found = await bring_in(shelf, tmp_path / "in", publish=True)
    assert (found.articles, found.published, found.failed) == (2, 1, [])
    async with db.connect() as c:
        body = await c.scalar(text("SELECT body FROM article_version"))
        assert await c.scalar(text("SELECT count(*) FROM article_file")) == 1
    assert "![Placa](/help/files/" in body
    assert "![Otra](../../../secret.png)" in body  # nothing that lies elsewhere is taken

    out = tmp_path / "out"
    assert await exporting.write(shelf.services, out, quiet) == {"texts": 2, "files": 1}
    (file,) = (out / "files").iterdir()
    assert file.read_bytes() == PNG
    placa = (out / "es" / "uso" / "placa-donde-esta.md").read_text()
    assert f"![Placa](../../files/{file.name})" in placa
    assert "kind: policy" in placa
    with pytest.raises(Exception, match="not empty"):
        await exporting.write(shelf.services, out, quiet)

    again = await bring_in(shelf, out, publish=True)
    assert (again.created, again.changed, again.unchanged, again.failed) == (0, 0, 2, [])


async def test_sections_are_found_by_name_or_by_where_they_come_from(
    shelf: Shelf, http, tmp_path: Path
) -> None:
    await http.post("/sections", json={"names": {"es": "Envíos"}})
    rows = [
        {"id": n, "title": f"T{n}", "text": "x", "language": "es", "section": name}
        for n, name in enumerate(["envíos", "Garantía", "Garantía"])
    ]
    await bring_in(shelf, write(tmp_path / "a.jsonl", *rows))
    listed = (await http.get("/sections")).json()["items"]
    assert [(one["names"], one["articles"]) for one in listed] == [
        ({"es": "Envíos"}, 1),
        ({"es": "Garantía"}, 2),
    ]


async def test_downloads_and_escaped_signs_come_in_again_as_they_went_out(
    shelf: Shelf, http, tmp_path: Path
) -> None:
    source = tmp_path / "in" / "es"
    source.mkdir(parents=True)
    (source / "manual.pdf").write_bytes(b"%PDF-1.4 manual")
    (source / "otro.md").write_text("# Otro\n\nMás.\n")
    (source / "teclas.md").write_text(
        "---\nreview_at: 2027-03-01\n---\n# Teclas\n\nPulse <Ctrl>. [Manual](manual.pdf), [otro](otro.md).\n"
    )
    await bring_in(shelf, source.parent, publish=True)
    out = tmp_path / "out"
    assert (await exporting.write(shelf.services, out, quiet))["files"] == 1
    again = await bring_in(shelf, out, publish=True)
    assert (again.created, again.changed, again.unchanged, again.failed) == (0, 0, 2, [])

    listed = (await http.get("/articles")).json()["items"]
    mine = next(one for one in listed if one["external_id"] == "teclas")
    body = (await http.get(f"/articles/{mine['id']}/texts/es")).json()["body"]
    assert body.startswith("Pulse \\<Ctrl>. [Manual](/help/files/")
    assert body.endswith("[otro](otro.md).")
    assert mine["review_at"] == "2027-03-01"


async def test_what_was_written_here_is_not_doubled_by_what_was_exported(
    shelf: Shelf, http, tmp_path: Path
) -> None:
    body = {"language": "es", "text": {"title": "Escrito aquí", "body": "Un texto."}}
    made = (await http.post("/articles", json=body)).json()
    await http.post(f"/articles/{made['id']}/texts/es/publish", json={"note": ""})
    out = tmp_path / "out"
    await exporting.write(shelf.services, out, quiet)
    again = await bring_in(shelf, out, publish=True)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    assert len((await http.get("/articles")).json()["items"]) == 1
