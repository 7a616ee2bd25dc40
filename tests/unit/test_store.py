"""A file in the store is whole and on the disk before anybody says that it is."""

import os
from pathlib import Path

import pytest

from trato.db.metadata import IN_STORE
from trato.db.schema import all_tables
from trato.db.store import Store
from trato.kit.errors import NotFound, Unavailable


async def listed(store: Store) -> list[str]:
    return sorted([key async for key in store.keys()])  # noqa: SIM118 -- a store is no mapping


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_is_put_is_synced_before_it_has_its_name_and_so_is_its_folder(
    tmp_path, monkeypatch
) -> None:
    file = tmp_path / "files" / "ab" / "cd" / "photo.png"
    synced: list[tuple[int, bool]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, file.exists()))
        real(descriptor)

    store = Store.open(str(tmp_path / "files"))
    monkeypatch.setattr(os, "fsync", fsync)
    await store.put("ab/cd/photo.png", b"x")
    assert (file.stat().st_ino, False) in synced, "the bytes come before the name"
    assert synced[-1] == (file.parent.stat().st_ino, True), "the name comes last"
    made = {file.parent.parent.stat().st_ino, (tmp_path / "files").stat().st_ino}
    assert made <= {inode for inode, _ in synced}, "new folders are there too"


@pytest.mark.parametrize("scheme", ["", "file://"])
async def test_keys_come_back_as_they_were_put(tmp_path: Path, scheme: str) -> None:
    store = Store.open(f"{scheme}{tmp_path / 'a folder'}".replace(" ", "%20" if scheme else " "))
    for key in ("one", "raw/01/ñandú.txt"):
        await store.put(key, b"first")
        await store.put(key, key.encode())
        assert await store.get(key) == key.encode()
    assert await listed(store) == ["one", "raw/01/ñandú.txt"]
    await store.delete("one")
    with pytest.raises(NotFound):
        await store.get("one")


async def test_a_write_that_was_cut_off_is_no_file(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path))
    (tmp_path / "photo.png#123456").write_bytes(b"ha")
    assert await listed(store) == []


@pytest.mark.parametrize("key", ["", "../out", "a/../../out", "/etc/passwd", "a//b", "nul\0"])
async def test_a_key_never_leads_outside(tmp_path: Path, key: str) -> None:
    store = Store.open(str(tmp_path / "files"))
    with pytest.raises(Unavailable):
        await store.put(key, b"x")
    assert names_in(tmp_path) == ["files"]
    assert names_in(tmp_path / "files") == []


async def test_a_folder_that_takes_no_file_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path))
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(Unavailable):
        await store.put("taken/photo.png", b"x")


def test_every_column_with_a_key_of_the_store_says_so() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in all_tables().tables.values()
        for column in table.columns
        if column.name in {"raw_key", "store_key"} and column.info != IN_STORE
    ]
    assert silent == [], "a backup would not make sure of these files"
