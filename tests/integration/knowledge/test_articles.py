"""What an editor writes is a draft until it is published; what readers see is known by version."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.postgres import ForgettingDatabase

from trato.access.roles import Role
from trato.kit.ids import new_id
from trato.knowledge import queries

from .conftest import Made, Shelf


async def texts_of(db: ForgettingDatabase) -> list[queries.PublishedText]:
    async with db.connect() as c:
        return await queries.published_texts(c)


async def test_a_draft_beside_what_readers_see(shelf: Shelf, http: httpx.AsyncClient, make: Made, db) -> None:
    article = await make()
    path = f"/articles/{article['id']}/texts/es"
    assert article["translations"][0]["slug"] == "pedir-la-garantia"
    assert await texts_of(db) == []
    await shelf.news()

    first = (await http.post(f"{path}/publish", json={})).json()
    assert (first["published"], first["drafted"]) == (1, False)
    (told,) = await shelf.news()
    assert (told.type, told.audience, told.data["language"]) == ("article.published", "staff", "es")
    assert told.data["article"]["translations"][0]["published"] == 1

    draft = {"title": "Cómo pedir la garantía", "body": "Otro texto."}
    assert (await http.put(path, json=draft)).json()["drafted"] is True
    (seen,) = await texts_of(db)
    assert (seen.title, seen.number, seen.text) == ("Pedir la garantía", 1, "Cómo se hace\n\nEscríbanos.")
    async with db.connect() as c:
        before = await queries.published_state(c)
    assert before[0] == 1

    await http.post(f"{path}/publish", json={"note": "Título más claro"})
    async with db.connect() as c:
        assert await queries.published_state(c) != before
    (seen,) = await texts_of(db)
    assert (seen.title, seen.number, seen.slug) == ("Cómo pedir la garantía", 2, "pedir-la-garantia")

    history = (await http.get(f"{path}/versions")).json()["items"]
    assert [(one["number"], one["note"], one["published_by"]) for one in history] == [
        (2, "Título más claro", "key"),
        (1, "", "key"),
    ]
    old = (await http.get(f"{path}/versions/1")).json()
    assert old["body"] == "## Cómo se hace\n\nEscríbanos."
    restored = (await http.post(f"{path}/versions/1/restore")).json()
    assert (restored["title"], restored["drafted"], restored["published"]) == ("Pedir la garantía", True, 2)
    assert (await http.post(f"{path}/discard")).json()["title"] == "Cómo pedir la garantía"

    await shelf.news()
    assert (await http.post(f"{path}/withdraw")).json()["published"] is None
    (told,) = await shelf.news()
    assert (told.type, told.data["language"]) == ("article.withdrawn", "es")
    assert await texts_of(db) == []
    assert (await http.post(f"{path}/withdraw")).status_code == 409


async def test_a_translation_is_stale_once_its_source_changed_in_what_matters(http, make) -> None:
    article = await make()
    base = f"/articles/{article['id']}"

    async def stale() -> list[str]:
        found = (await http.get(base)).json()
        listed = (await http.get("/articles", params={"state": "stale"})).json()["items"]
        languages = [one["language"] for one in found["translations"] if one["stale"]]
        assert bool(languages) == bool(listed)
        return languages

    async def change_source(body: str, **said: object) -> None:
        await http.put(f"{base}/texts/es", json={"title": "Pedir la garantía", "body": body})
        assert (await http.post(f"{base}/texts/es/publish", json=said)).status_code == 200

    await http.post(f"{base}/texts/es/publish", json={})
    for language, title in (("pt", "Pedir a garantia"), ("en", "Claim the warranty")):
        await http.put(f"{base}/texts/{language}", json={"title": title, "body": "Texto"})
        await http.post(f"{base}/texts/{language}/publish", json={})
    assert await stale() == []
    await change_source("Escríbanos, por favor.", minor=True)
    assert await stale() == []
    await change_source("Doce meses.")
    assert sorted(await stale()) == ["en", "pt"]
    # one is looked at and holds, the other is written anew, from the text as it was before a further change
    await http.post(f"{base}/texts/pt/still-right")
    assert await stale() == ["en"]
    seen = (await http.get(f"{base}/texts/es")).json()["published"]
    await change_source("Veinticuatro meses.")
    late = {"title": "Claim the warranty", "body": "Twelve months.", "source_version": seen}
    await http.put(f"{base}/texts/en", json=late)
    await http.post(f"{base}/texts/en/publish", json={})
    assert sorted(await stale()) == ["en", "pt"]


async def test_two_who_write_the_same_text(http, make) -> None:
    article = await make()
    path = f"/articles/{article['id']}/texts/es"
    revision = (await http.get(path)).json()["revision"]
    given = {"If-Match": f'"{revision}"'}
    first = await http.put(path, json={"title": "Uno", "body": "a"}, headers=given)
    second = await http.put(path, json={"title": "Dos", "body": "b"}, headers=given)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["type"] == "changed-meanwhile"
    assert (await http.get(path)).json()["title"] == "Uno"
    assert (await http.post(f"{path}/publish", json={}, headers=given)).status_code == 409
    changed = {"If-Match": f'"{article["version"]}"'}
    assert (
        await http.patch(f"/articles/{article['id']}", json={"kind": "policy"}, headers=changed)
    ).status_code == 200
    assert (
        await http.patch(f"/articles/{article['id']}", json={"kind": "article"}, headers=changed)
    ).status_code == 409


async def test_an_address_leads_on_for_ever_and_belongs_to_one(http, make, db) -> None:
    article, other = await make(), await make()
    assert other["translations"][0]["slug"] == "pedir-la-garantia-2"
    path = f"/articles/{article['id']}/texts/es"
    written = {"title": "Garantía", "body": "x"}
    assert (await http.put(path, json=written | {"slug": "pedir-la-garantia-2"})).status_code == 409
    assert (await http.put(path, json=written | {"slug": "garantia"})).json()["slug"] == "garantia"
    async with db.connect() as c:
        rows = await c.execute(text("SELECT language, slug, article_id FROM article_old_slug"))
        assert [tuple(row) for row in rows] == [("es", "pedir-la-garantia", UUID(article["id"]))]
    assert (await http.put(path, json=written | {"slug": "pedir-la-garantia"})).status_code == 200
    async with db.connect() as c:
        assert await c.scalar(text("SELECT string_agg(slug, ',') FROM article_old_slug")) == "garantia"


async def test_an_agent_writes_what_is_theirs(shelf: Shelf, http, make, db) -> None:
    article = await make()
    base = f"/articles/{article['id']}"
    async with await shelf.caller(Role.AGENT) as agent:
        assert (await agent.get(base)).status_code == 200
        for refused in (
            await agent.put(f"{base}/texts/es", json={"title": "x"}),
            await agent.post(f"{base}/texts/es/publish", json={}),
            await agent.patch(base, json={"kind": "policy"}),
            await agent.post(f"{base}/files", files={"file": ("a.txt", b"a")}),
            await agent.delete(base),
            await agent.post("/articles", json={"language": "es", "text": {"title": "x"}}),
            await agent.post("/sections", json={"names": {"es": "x"}}),
        ):
            assert refused.status_code == 403, refused.text
        assert (await agent.get(f"{base}/texts/es")).json()["editable"] is False
        async with db.connect() as c:
            theirs = await c.scalar(
                text("SELECT a.id FROM agent a JOIN users u ON u.id = a.user_id WHERE u.role = 'agent'")
            )
        given = await http.patch(base, json={"owner_id": str(theirs), "review_at": "2020-01-31"})
        assert given.json()["owner_name"] == "Ana"
        assert (await agent.get(f"{base}/texts/es")).json()["editable"] is True
        assert (await agent.put(f"{base}/texts/es", json={"title": "x", "body": "x"})).status_code == 200
        assert (await agent.post(f"{base}/texts/es/publish", json={})).status_code == 200
        assert (await agent.patch(base, json={"owner_id": None})).status_code == 403
        due = (await agent.get("/articles", params={"state": "due", "owner_id": str(theirs)})).json()
        assert [one["id"] for one in due["items"]] == [article["id"]]


async def test_what_cannot_be_is_refused_with_its_field(http, make) -> None:
    article = await make()
    base = f"/articles/{article['id']}"
    for answer, field in (
        (await http.patch(base, json={"section_id": str(new_id())}), "section_id"),
        (await http.patch(base, json={"owner_id": str(new_id())}), "owner_id"),
        (await http.patch(base, json={"source_language": "pt"}), "source_language"),
        (await http.put(f"{base}/texts/es", json={"title": "x", "slug": "Ñandú!"}), "slug"),
        (await http.put(f"{base}/texts/es", json={"title": " "}), "title"),
        (await http.put(f"{base}/texts/es", json={"title": "x", "body": "a" * 60_001}), "body"),
    ):
        assert answer.status_code == 422, answer.text
        assert answer.json()["field"].endswith(field), answer.json()
    await http.put(f"{base}/texts/es", json={"title": "x", "body": " \n"})
    assert (await http.post(f"{base}/texts/es/publish", json={})).json()["field"] == "body"
    await http.put(f"{base}/texts/es", json={"title": "x", "body": "\n\n".join(["# &"] * 10_000)})
    assert (await http.post(f"{base}/texts/es/publish", json={})).json()["field"] == "body"
    assert (await http.post(f"{base}/texts/en/publish", json={})).status_code == 404
    assert (await http.get(f"{base}/texts/es/versions/9")).status_code == 404


async def test_what_is_removed_is_seen_no_more_and_its_address_is_free(shelf, http, make, db) -> None:
    article = await make(external_id="gnome/1")
    base = f"/articles/{article['id']}"
    await http.post(f"{base}/texts/es/publish", json={})
    assert (
        await http.post(
            "/articles", json={"language": "es", "external_id": "gnome/1", "text": {"title": "Otro"}}
        )
    ).status_code == 409
    await shelf.news()
    assert (await http.delete(base)).status_code == 204
    assert [one.type for one in await shelf.news()] == ["article.withdrawn", "article.changed"]
    assert (await http.get(base)).status_code == 404
    assert (await http.get("/articles")).json()["items"] == []
    assert await texts_of(db) == []
    again = await make(external_id="gnome/1")
    assert again["translations"][0]["slug"] == "pedir-la-garantia"


async def test_lists_come_in_pages(http, make) -> None:
    made = [(await make(f"Artículo {n}"))["id"] for n in range(5)]
    found, cursor = [], None
    while True:
        page = (
            await http.get("/articles", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        found += [one["id"] for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert sorted(found) == sorted(made)
    named = (await http.get("/articles", params={"words": "culo 3"})).json()["items"]
    assert [one["id"] for one in named] == [made[3]]
    assert (await http.get("/articles", params={"words": "%"})).json()["items"] == []
    assert (await http.get("/articles", params={"cursor": "eyJ"})).status_code == 422


async def test_sections_keep_their_order_and_their_old_addresses(http, make) -> None:
    one = (await http.post("/sections", json={"names": {"es": "Envíos"}, "position": 2})).json()
    two = (await http.post("/sections", json={"names": {"es": "Garantía"}, "position": 1})).json()
    assert (await http.post("/sections", json={"names": {"es": "Envíos"}})).status_code == 409
    await make(section_id=one["id"])
    listed = (await http.get("/sections")).json()["items"]
    assert [(each["slug"], each["articles"]) for each in listed] == [("garantia", 0), ("envios", 1)]
    moved = await http.patch(f"/sections/{one['id']}", json={"slug": "entregas"})
    assert moved.json()["slug"] == "entregas"
    assert (await http.delete(f"/sections/{one['id']}")).status_code == 409
    assert (await http.delete(f"/sections/{two['id']}")).status_code == 204


async def test_a_preview_is_as_safe_as_the_article(http) -> None:
    shown = (await http.post("/articles/preview", json={"body": "# Hola\n\n<script>x</script>"})).json()[
        "html"
    ]
    assert shown == '<h2 id="s-hola">Hola</h2>\n'


@pytest.mark.parametrize(("name", "kind"), [("foto.png", "image/png"), ("plano.svg", "image/svg+xml")])
async def test_files_are_kept_once_and_typed_by_what_they_hold(http, make, name, kind) -> None:
    article = await make()
    path = f"/articles/{article['id']}/files"
    data = (
        b"\x89PNG\r\n\x1a\n" + bytes(40)
        if kind == "image/png"
        else b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    )
    first = await http.post(path, files={"file": (f"../{name}", data, "text/html")})
    assert first.status_code == 201, first.text
    assert (first.json()["filename"], first.json()["url"]) == (name, f"/help/files/{first.json()['id']}")
    assert "html" not in first.json()["content_type"]
    again = await http.post(path, files={"file": ("otra", data)})
    assert again.json()["id"] == first.json()["id"]
    assert len((await http.get(path)).json()["items"]) == 1
    assert (await http.post(path, files={"file": ("vacío", b"")})).status_code == 422
    assert (await http.delete(f"{path}/{first.json()['id']}")).status_code == 204
    assert (await http.delete(f"{path}/{first.json()['id']}")).status_code == 404
