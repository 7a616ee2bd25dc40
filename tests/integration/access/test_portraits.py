"""The picture that agents give of themselves: anybody sees it, by an address that holds for ever."""

import base64

import pytest
from fastapi import FastAPI
from tests.support.access import PUBLIC, Browser
from tests.support.png import png

from trato.portal import look_pages


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.include_router(look_pages.router)
    return app


def kept(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_a_picture_is_kept_shown_replaced_and_forgotten(admin: Browser) -> None:
    first = await admin("PUT", "/me/picture", {"picture": kept(png(8, 8))})
    assert first.status_code == 200, first.text
    url = first.json()["picture_url"]
    answer = await admin.http.get(PUBLIC + url)
    assert answer.content == png(8, 8)
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await admin("GET", "/session")).json()["agent"]["picture_url"] == url

    second = (await admin("PUT", "/me/picture", {"picture": kept(png(9, 9))})).json()["picture_url"]
    assert second != url
    assert (await admin.http.get(PUBLIC + url)).status_code == 404  # nobody wears it any more
    gone = await admin("PUT", "/me/picture", {"picture": None})
    assert gone.json()["picture_url"] is None
    assert (await admin.http.get(PUBLIC + second)).status_code == 404


async def test_what_is_no_picture_is_refused_and_the_one_before_stays(admin: Browser) -> None:
    url = (await admin("PUT", "/me/picture", {"picture": kept(png(8, 8))})).json()["picture_url"]
    script = {"picture": kept(b"<svg onload='alert(1)'/>")}
    refused = await admin("PUT", "/me/picture", script)
    assert (refused.status_code, refused.json()["field"]) == (422, "picture")
    assert (await admin("PUT", "/me/picture", {"picture": kept(png(1_025, 1))})).status_code == 413
    assert (await admin("PUT", "/me/picture", {})).status_code == 422
    assert (await admin("GET", "/session")).json()["agent"]["picture_url"] == url
    assert (await admin.http.get(PUBLIC + "/look/people/x.png")).status_code == 404
