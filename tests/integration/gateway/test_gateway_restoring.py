"""A backup brings back what was lost, and nobody who is gone; the functions go on with it."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from identity_stage import log_in, refresh, register
from privacy_stage import USERNAME, Life, everywhere

from functions.gateway.exported import PARTS
from scripts.stack.places import ROOT

pytestmark = pytest.mark.anyio

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'rates' ORDER BY 1"
NewDatabase = Callable[[], AbstractContextManager[str]]


@pytest.fixture
async def kept(life: Life, database_url: str, tmp_path: Path) -> Path:
    """A backup of all that."""
    path = tmp_path / "learnflow.dump"
    await script("backup", str(path), url=database_url)
    return path


async def script(name: str, *words: str, url: str) -> str:
    """Run a script and return what it said."""
    command = [str(ROOT / "scripts" / name), *words, "--database-url", url]
    done = await asyncio.to_thread(
        subprocess.run, command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


async def contents(url: str) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a checksum of all that they say. What a crash empties does not count."""
    found = {}
    async with await psycopg.AsyncConnection.connect(url) as db:
        for (table,) in await (await db.execute(TABLES)).fetchall():
            query = f"SELECT count(*), md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {table} AS one"
            ((rows, checksum),) = await (await db.execute(query)).fetchall()
            found[table] = (rows, checksum)
    return found


async def one(db: psycopg.AsyncConnection, query: str, *values: Any) -> Any:
    """Return the only value of a query."""
    ((value,),) = await (await db.execute(query, values)).fetchall()
    return value


async def test_every_table_is_restored_row_by_row(kept: Path, database_url: str, new_database: NewDatabase):
    before = await contents(database_url)
    assert all(rows for table, (rows, _) in before.items() if table in {part.table for part in PARTS})

    with new_database() as elsewhere:
        said = await script("restore", str(kept), "--moved", url=elsewhere)
        after = await contents(elsewhere)

    assert after == before
    assert f"{sum(rows for rows, _ in before.values()):,} rows in {len(before)} tables" in said


async def test_functions_that_run_meanwhile_go_on_with_what_is_restored(kept: Path, life: Life, database_url: str):
    await life.post("query", {"question": "What is a list?"})
    await register(life.client, "late")

    await script("restore", str(kept), "--replace", "--yes", url=database_url)

    assert (await log_in(life.client, "late")).status_code == 401
    assert (await refresh(life.client, life.login)).status_code == 401  # what it was may have been revoked since
    assert (await log_in(life.client, USERNAME)).status_code == 200
    asked = await life.post("query", {"question": "What is a list?"})
    shown = await life.client.get(f"/api/v1/requests/{asked['id']}", headers=life.headers)
    assert shown.json()["status"] == "answered"


async def test_whatever_is_told_then_comes_behind_all_that_was_ever_read(
    kept: Path, life: Life, db: psycopg.AsyncConnection, database_url: str
):
    await life.post("query", {"question": "What is a list?"})
    read = await one(db, "SELECT max(seq) FROM messages")

    await script("restore", str(kept), "--replace", "--yes", url=database_url)
    await life.post("query", {"question": "What is a set?"})

    assert await one(db, "SELECT max(seq) FROM messages") > read
    assert await one(db, "SELECT count(*) FROM messages WHERE seq > %s", read) == 1


async def test_what_may_have_been_sent_since_is_not_sent_again(
    kept: Path, life: Life, db: psycopg.AsyncConnection, database_url: str
):
    waiting = "SELECT count(*) FROM deliveries WHERE status IN ('pending', 'sending') AND channel <> 'in_app'"
    waited = await one(db, waiting)
    assert waited > 0

    said = await script("restore", str(kept), "--replace", "--yes", url=database_url)

    assert await one(db, waiting) == 0
    assert await one(db, "SELECT count(*) FROM deliveries WHERE status = 'unsure'") == waited
    assert f"e-mails and webhooks not sent, as they may have been: {waited}\n" in said


async def test_who_was_deleted_since_stays_deleted_where_the_database_is_replaced(
    kept: Path, life: Life, db: psycopg.AsyncConnection, database_url: str
):
    assert (await life.delete()).status_code == 204

    said = await script("restore", str(kept), "--replace", "--yes", url=database_url)

    assert "people deleted again, who had been since: 1\n" in said
    assert "is there again" not in said
    for what, needle in life.needles.items():
        assert not await everywhere(db, needle), what
    with pytest.raises(psycopg.Error, match="has been deleted"):
        await db.execute("INSERT INTO users (id) VALUES (%s)", [life.id])
    assert (await life.client.get("/api/v1/me/export", headers=life.headers)).status_code == 410
    assert (await log_in(life.client, USERNAME)).status_code == 401


async def test_who_was_deleted_since_stays_deleted_where_the_database_is_lost(
    kept: Path, life: Life, database_url: str, new_database: NewDatabase, tmp_path: Path
):
    noted = tmp_path / "deletions.json"
    await script("backup", str(noted), "--deletions", url=database_url)
    assert life.id in noted.read_text()  # a request that they deleted
    assert (await life.delete()).status_code == 204
    await script("backup", str(noted), "--deletions", url=database_url)

    with new_database() as without, new_database() as knowing:
        for url in (without, knowing):  # copies of one that was migrated: each that is migrated has a salt of its own
            async with await psycopg.AsyncConnection.connect(url) as db:
                await db.execute("UPDATE erasure_salt SET salt = gen_random_uuid()::text")
        unknowing = await script("restore", str(kept), url=without)
        said = await script("restore", str(kept), "--deletions", str(noted), url=knowing)
        async with await psycopg.AsyncConnection.connect(without) as db:
            assert await everywhere(db, life.id)
        async with await psycopg.AsyncConnection.connect(knowing) as db:
            for what, needle in life.needles.items():
                assert not await everywhere(db, needle), what

    assert "is there again: delete them with scripts/erase-user" in unknowing
    assert "people deleted again, who had been since: 1\n" in said
    assert "is there again" not in said
    assert life.id not in noted.read_text()


async def test_a_conversation_that_was_deleted_since_stays_deleted(life: Life, database_url: str, tmp_path: Path):
    told = await life.post("query", {"question": "What is a plum?", "session_id": "fruit"})
    left = await life.post("query", {"question": "What is a pear?", "session_id": "more-fruit"})
    kept = tmp_path / "learnflow.dump"
    await script("backup", str(kept), url=database_url)
    gone = await life.client.delete("/api/v1/conversations/fruit", headers=life.headers)
    assert gone.status_code == 204, gone.text

    said = await script("restore", str(kept), "--replace", "--yes", url=database_url)

    assert "requests deleted again, with their conversations: 1\n" in said
    conversations = (await life.client.get("/api/v1/conversations", headers=life.headers)).json()
    ids = [each["id"] for each in conversations["conversations"]]
    assert "fruit" not in ids
    assert "more-fruit" in ids
    assert [
        await one(life.db, "SELECT count(*) FROM messages WHERE request_id = %s", each["id"]) for each in (told, left)
    ] == [0, 1]
