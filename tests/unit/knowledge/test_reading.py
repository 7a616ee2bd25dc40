"""Articles are read from what other systems keep; what cannot be read is named with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trato.kit.errors import Invalid, NotFound
from trato.knowledge.reading import read
from trato.knowledge.reading.html_markdown import to_markdown
from trato.knowledge.reading.rows import BadRow, Incoming


def kept(path: Path, language: str | None = None) -> list[Incoming]:
    found = list(read(path, language))
    assert [one for one in found if isinstance(one, BadRow)] == []
    return [one for one in found if isinstance(one, Incoming)]


def bad(path: Path, language: str | None = None) -> list[tuple[str, str]]:
    return [(one.where, one.why) for one in read(path, language) if isinstance(one, BadRow)]


def test_markdown_with_a_head(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        '---\nid: 7\ntitle: "Envíos: cuánto tardan"\nlang: es-AR\nsummary: Dos días.\nsection: Envíos\n'
        "kind: policy\nvisibility: agents\nslug: Cuánto Tarda\nstate: draft\n---\n\n"
        "# Envíos: cuánto tardan\n\nDos días.\n"
    )
    (one,) = kept(tmp_path / "a.md")
    assert (one.external_id, one.language, one.title) == ("7", "es", "Envíos: cuánto tardan")
    assert (one.summary, one.section, one.slug) == ("Dos días.", "Envíos", "cuanto-tarda")
    assert (one.kind, one.visibility, one.draft, one.body) == ("policy", "agents", True, "Dos días.")


def test_a_folder_says_language_and_section(tmp_path: Path) -> None:
    for name, said in (
        ("es/envios/demoras.md", "# Demoras\r\n\r\nA veces.\r\n"),
        ("pt-BR/envios/demoras.md", "Atrasos\n=======\n\nÀs vezes."),
        ("cambios.en.md", "You can change it."),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said)
    found = {(one.external_id, one.language): one for one in kept(tmp_path)}
    assert set(found) == {("envios/demoras", "es"), ("envios/demoras", "pt"), ("cambios", "en")}
    assert found["envios/demoras", "es"].section == "Envios"
    assert [one.title for one in found.values()] == ["Cambios", "Demoras", "Atrasos"]
    assert found["envios/demoras", "es"].body == "A veces."


def test_a_page_of_html(tmp_path: Path) -> None:
    (tmp_path / "garantia.html").write_text(
        '<!doctype html><html lang="es"><head><title>Garantía | Tienda</title><meta name="description" '
        'content="Doce &amp; más"></head><body><nav>Menú</nav><main><h1>La <b>garantía</b></h1><p>Doce '
        "<strong>meses</strong>.</p><ul><li>Uno</li><li>Dos</li></ul><script>x</script><table><tr><th>A</th>"
        "<th>B</th></tr><tr><td>1</td><td>2</td></tr></table></main></body></html>"
    )
    (one,) = kept(tmp_path / "garantia.html")
    assert (one.title, one.summary, one.external_id) == ("La garantía", "Doce & más", "garantia")
    assert one.body.startswith("Doce **meses**.\n\n- Uno\n- Dos")
    assert "| A | B |" in one.body
    assert "Menú" not in one.body


def test_csv_with_semicolons_and_a_bad_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        'id;title;text;language\n1;Envíos;"Dos\ndías";es\n2;;Algo;es\n3;Retours;Oui;fr\n4;Más;a;es;x\n'.encode(
            "cp1252"
        )
    )
    found = list(read(tmp_path / "a.csv", None))
    assert [(one.title, one.body) for one in found if isinstance(one, Incoming)] == [("Envíos", "Dos\ndías")]
    assert bad(tmp_path / "a.csv") == [
        ("a.csv:4", "has no title"),
        ("a.csv:5", "is in the language fr, and only es, en and pt are known (Retours)"),
        ("a.csv:6", "has more columns than the first row"),
    ]


def test_lines_with_one_text_or_all_languages(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "title": "Uno", "text": "Pulse <Ctrl> y <b>ya</b>.", "language": "es"},
        {"id": 1, "title": "One", "text": "Press <Ctrl>.", "language": "en"},
        {
            "id": "x/2",
            "es": {"title": "Dos", "desc": "D", "body": "Texto"},
            "pt_BR": {"title": "Dois", "desc": "", "body": "Texto"},
            "C": {"title": "Two", "body": "Text"},
            "fr": {"title": "Deux", "body": "Texte"},
        },
    ]
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "", "{", "[1]", '{"id": 3, "title": "Sin texto"}']))
    found = [one for one in read(tmp_path / "a.jsonl", None) if isinstance(one, Incoming)]
    assert [(one.external_id, one.language, one.title) for one in found] == [
        ("1", "es", "Uno"),
        ("1", "en", "One"),
        ("x/2", "es", "Dos"),
        ("x/2", "pt", "Dois"),
        ("x/2", "en", "Two"),
    ]
    assert found[1].body == "Press \\<Ctrl>."
    assert found[2].summary == "D"
    places = [where for where, _ in bad(tmp_path / "a.jsonl")]
    assert places == ["a.jsonl:3 fr", "a.jsonl:5", "a.jsonl:6", "a.jsonl:7"]


def test_what_zendesk_gives(tmp_path: Path) -> None:
    (tmp_path / "z.json").write_text(
        json.dumps(
            {
                "articles": [
                    {
                        "id": 360,
                        "title": "Garantía",
                        "body": "<h2>Cómo</h2><p>Con la <em>factura</em>.</p>",
                        "locale": "es",
                        "source_locale": "es",
                        "section_id": 9,
                        "draft": False,
                        "user_segment_id": 4,
                    },
                    "x",
                    {
                        "id": 362,
                        "title": "Tarifas",
                        "body": "<p>Solo aquí.</p>",
                        "locale": "es",
                        "user_segment_id": 5,
                    },
                    {"id": 361, "title": "Vacío", "body": None, "locale": "es"},
                ],
                "sections": [{"id": 9, "name": "Postventa"}],
                "user_segments": [{"id": 4, "user_type": "signed_in_users"}, {"id": 5, "user_type": "staff"}],
                "translations": [
                    {
                        "source_id": 360,
                        "locale": "pt-br",
                        "title": "Garantia",
                        "body": "<p>Nota</p>",
                        "draft": True,
                    }
                ],
            }
        )
    )
    found = [one for one in read(tmp_path / "z.json", None) if isinstance(one, Incoming)]
    assert [(one.external_id, one.language, one.section, one.section_id) for one in found] == [
        ("zendesk:360", "es", "Postventa", "zendesk:9"),
        ("zendesk:360", "pt", "Postventa", "zendesk:9"),
        ("zendesk:362", "es", None, None),
    ]
    assert found[0].body == "## Cómo\n\nCon la *factura*."
    assert (found[0].visibility, found[1].draft) == ("signed_in", True)
    assert found[2].visibility == "agents"
    assert [why for _, why in bad(tmp_path / "z.json")] == ["is no object", "has no text (Vacío)"]


def test_a_language_that_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": 1, "title": "Zx", "text": "1 2 3"}\n'
        '{"id": 2, "title": "Garantía", "text": "La garantía cubre fallas de fabricación por un año."}\n'
    )
    assert bad(tmp_path / "a.jsonl") == [
        ("a.jsonl:1", "does not say in which language it is; give --language (Zx)")
    ]
    assert [one.language for one in kept(tmp_path / "a.jsonl", "pt")] == ["pt", "pt"]


def test_what_is_no_article(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        list(read(tmp_path / "none", None))
    with pytest.raises(Invalid, match="no article"):
        list(read(tmp_path, None))
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(Invalid, match=r"a\.docx"):
        list(read(tmp_path / "a.docx", None))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".md", ".html", ".csv", ".jsonl", ".json"]))
def test_no_file_whatever_stops_the_others(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, suffix: str
) -> None:
    file = tmp_path_factory.mktemp("any") / f"a{suffix}"
    file.write_bytes(raw)
    for one in read(file, "es"):
        assert one.where


@pytest.mark.parametrize(
    "source", ["<div>" * 900 + "x", "<ul><li>" * 300 + "x", "<b>" * 60_001, "<table>" * 90]
)
def test_deep_pages_are_read_as_text(source: str) -> None:
    assert "<div>" not in to_markdown(source)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_signs_that_only_look_like_the_end_of_a_line(tmp_path: Path, sign: str) -> None:
    row = {"id": "1", "title": "Uno", "text": f"Una línea{sign}y otra.", "language": "es"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\r\n", "utf-8")
    assert [one.title for one in kept(tmp_path / "a.jsonl")] == ["Uno"]


@pytest.mark.parametrize(
    "body",
    [
        "Pulse \\<Ctrl> y luego \\<Alt>.",
        "Escriba `<Ctrl>` o ``a ` <b2>``.",
        "Así:\n\n```xml\n<action id=1>\n```\n\nListo.",
        "Vea <https://tienda.example/a> o <mailto:hola@tienda.example>.",
    ],
)
def test_markdown_that_is_right_already_is_kept_as_it_is(tmp_path: Path, body: str) -> None:
    (tmp_path / "a.md").write_text(f"# Teclas\n\n{body}\n", "utf-8")
    assert [one.body for one in kept(tmp_path / "a.md", "es")] == [body]
    (tmp_path / "a.md").write_text(f"# Teclas\n\n{body} <Supr>\n", "utf-8")
    assert [one.body for one in kept(tmp_path / "a.md", "es")] == [f"{body} \\<Supr>"]
