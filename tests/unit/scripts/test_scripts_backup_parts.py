"""Which of PostgreSQL's programs are taken, what the process list shows of them, and what is known to be deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.stack.archive import made_whole, size_of
from scripts.stack.deletions import Deletions, hash_of, read, together, write
from scripts.stack.errors import StackError
from scripts.stack.postgres_tools import Tools, fitting, start

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
TEN, LATER = NOON.replace(hour=10), NOON.replace(hour=15)


def tools(*releases: int) -> list[Tools]:
    return [Tools(Path("/opt") / str(release), release) for release in releases]


@pytest.mark.parametrize(("server", "here", "taken"), [(16, (15, 16, 18), 16), (17, (15, 16, 18), 18), (18, (18,), 18)])
def test_a_server_is_dumped_by_programs_of_its_release_or_the_next_there_is(
    server: int, here: tuple[int, ...], taken: int
):
    assert fitting(server, tools(*here)).release == taken


@pytest.mark.parametrize(("here", "why"), [((15, 16), "the newest pg_dump here is of 16"), ((), "there is no pg_dump")])
def test_programs_that_are_older_than_the_server_are_refused_with_what_to_install(here: tuple[int, ...], why: str):
    with pytest.raises(StackError, match=f"PostgreSQL 18, and {why}.*postgresql-client-18"):
        fitting(18, tools(*here))


def test_a_password_goes_by_the_environment_and_not_where_everybody_can_read_it():
    shown = ["sh", "-c", 'echo "$PGPASSWORD"; echo "$@"', "sh"]
    with start(shown, url="postgresql://ada:se%20cret@db.example/learnflow?sslmode=require", stdout=-1) as running:
        assert running.stdout is not None
        password, words = running.stdout.read().decode().splitlines()

    assert password == "se cret"
    assert words == "--no-password --dbname=user=ada dbname=learnflow host=db.example sslmode=require"


def test_a_file_is_private_and_has_its_name_only_when_it_is_whole(tmp_path: Path):
    path = tmp_path / "a.dump"
    with made_whole(path) as unfinished:
        unfinished.write_text("all of it")
        assert not path.exists()

    assert (path.read_text(), path.stat().st_mode & 0o777) == ("all of it", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path):
    path = tmp_path / "a.dump"
    path.write_text("yesterday's")
    with pytest.raises(StackError, match="is there already"), made_whole(path):
        raise AssertionError("nothing is to be made")

    assert path.read_text() == "yesterday's"


def test_a_file_that_comes_to_be_there_meanwhile_is_not_overwritten_either(tmp_path: Path):
    path = tmp_path / "a.dump"
    with pytest.raises(StackError, match="is there already"), made_whole(path):
        path.write_text("somebody else's")

    assert path.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_a_file_that_could_not_be_made(tmp_path: Path):
    with pytest.raises(IsADirectoryError), made_whole(tmp_path / "a.dump") as unfinished:
        unfinished.write_bytes(tmp_path.read_bytes())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("size", "words"), [(7, "7 B"), (2_300, "2.3 kB"), (4_560_000, "4.6 MB")])
def test_a_size_is_said_in_words(tmp_path: Path, size: int, words: str):
    (tmp_path / "x").write_bytes(b"x" * size)

    assert size_of(tmp_path / "x") == words


def test_who_is_deleted_in_any_of_some_is_deleted_in_all():
    backup = Deletions("salt", {b"ada": TEN}, {"r1": ("bob", TEN)})
    since = Deletions("salt", {b"ada": LATER, b"tom": NOON}, {"r2": ("bob", NOON)})

    assert together([backup, since]) == Deletions(
        "salt", {b"ada": TEN, b"tom": NOON}, {"r1": ("bob", TEN), "r2": ("bob", NOON)}
    )


def test_who_is_deleted_is_named_by_no_request_that_they_deleted_before():
    before = Deletions("salt", {}, {"r1": ("ada", TEN), "r2": ("bob", TEN)})
    since = Deletions("salt", {hash_of("salt", "ada"): NOON})

    assert together([before, since]).requests == {"r2": ("bob", TEN)}


def test_hashes_keep_the_salt_that_they_were_made_with():
    anew = Deletions("new")

    assert together([anew, Deletions("old", {b"ada": TEN})]).salt == "old"
    assert together([anew, Deletions("old")]).salt == "new"


def test_hashes_of_two_salts_are_not_mixed():
    with pytest.raises(StackError, match="another salt"):
        together([Deletions("one", {b"ada": TEN}), Deletions("two", {b"tom": TEN})])


def test_a_list_of_deletions_only_grows_even_where_the_database_began_anew(tmp_path: Path):
    path = tmp_path / "deletions.json"
    write(path, Deletions("salt", {b"\xad": TEN}, {"r1": ("bob", TEN)}))
    write(path, Deletions("salt", {b"\xbb": NOON}))
    write(path, Deletions("of another database"))

    assert read(path) == Deletions("salt", {b"\xad": TEN, b"\xbb": NOON}, {"r1": ("bob", TEN)})
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StackError, match="another salt"):
        write(path, Deletions("of another database", {b"\xcc": NOON}))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"salt": "s", "people": {"xyz": "now"}, "requests": {}}'])
def test_what_is_no_list_of_deletions_is_refused(tmp_path: Path, text: str):
    (tmp_path / "x").write_text(text)
    with pytest.raises(StackError, match="is no list of deletions"):
        read(tmp_path / "x")
