"""What a username and a password may be, how long a locked name waits, and that a wrong name costs what a wrong
password does."""

from __future__ import annotations

import asyncio
import string
import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import example, given
from hypothesis import strategies as st

from functions.gateway.credentials import (
    FAILURES_FORGOTTEN,
    LONGEST_PAUSE,
    PASSWORD_LENGTH,
    USERNAME_LENGTH,
    canonical,
    is_username,
    name_hash,
    pause_after,
    typed,
    wrong_with_password,
    wrong_with_username,
)
from functions.gateway.passwords import AT_ONCE, HASHER, Passwords
from functions.shared.errors import TryAgainLater

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@given(st.text())
@example("İstanbul")
@example("ΐ\u0345")
@example("ſtraße")
def test_what_a_name_is_known_by_is_known_by_itself(name: str):
    assert canonical(canonical(name)) == canonical(name)


@given(st.text(alphabet=string.ascii_letters + "ÄÖÜäöüßéñøλΣЖж@.-"))
def test_a_name_is_the_same_in_upper_and_lower_case(name: str):
    assert canonical(name.lower()) == canonical(name.upper()) == canonical(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("ａｄａ", "ada"), ("Straße", "STRASSE"), ("caf\u00e9", "CAFE\u0301"), ("ﬁona", "fiona")],
)
def test_names_that_look_alike_by_unicodes_own_rules_are_the_same(one: str, other: str):
    assert canonical(one) == canonical(other)
    assert name_hash(canonical(one)) == name_hash(canonical(other))


@pytest.mark.parametrize("name", ["ada", "ada@example.org", "アダ・ラブレス", "a" * 254, "o'brien+school@example.org"])
def test_names_and_addresses_may_be_usernames(name: str):
    assert wrong_with_username(canonical(name)) is None


@pytest.mark.parametrize(
    "name", ["", "ab", "a" * 255, "a b c", "ada\t", "ada\u200b", "\u202eada", "ada\x00", "ada\u00a0x", "\ud800ada"]
)
def test_what_is_short_long_or_cannot_be_seen_is_no_username(name: str):
    assert wrong_with_username(canonical(name)) is not None


@given(st.text(max_size=300))
def test_a_password_is_weighed_without_failing_and_by_its_length_at_least(password: str):
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(typed(password)) <= longest:
        assert wrong_with_password(typed(password)) is not None


@pytest.mark.parametrize("password", ["password123", "QwertyUiop", "1234567890", "aaaaaaaaaaaaaaa", "abababababab"])
def test_what_everybody_tries_first_is_no_password(password: str):
    assert wrong_with_password(password) is not None


@pytest.mark.parametrize("password", ["seven-brave-otters", "ひらがなのひみつのことば", "x7#kQ!29vL", "correct horse"])
def test_what_nobody_guesses_is_a_password(password: str):
    assert wrong_with_password(typed(password)) is None


def test_the_name_is_not_the_password_however_it_is_typed():
    assert is_username("ADA@example.org", canonical("ada@example.org"))
    assert is_username("Ada-Lovelace", canonical("ada-lovelace@example.org"))
    assert not is_username("ada-lovelace-1815", canonical("ada-lovelace@example.org"))


def test_the_longest_address_there_is_fits():
    assert USERNAME_LENGTH[1] == 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


def test_four_failures_are_free_and_the_fifth_costs_half_a_minute():
    assert [pause_after(failures) for failures in range(6)] == [timedelta(0)] * 5 + [timedelta(seconds=30)]


@given(st.integers(min_value=5, max_value=10**6))
def test_each_failure_more_costs_twice_as_long_up_to_an_hour(failures: int):
    assert pause_after(failures + 1) == min(2 * pause_after(failures), LONGEST_PAUSE)


def test_waiting_out_the_longest_pause_does_not_make_failures_forgotten():
    assert FAILURES_FORGOTTEN > LONGEST_PAUSE


def test_hashing_costs_what_is_asked_of_argon2id_at_least():
    made = extract_parameters(HASHER.hash("x"))

    assert (made.type.name, made.memory_cost, made.time_cost, made.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_a_name_that_is_nobodys_costs_what_a_wrong_password_does():
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(str(hash))
            return super().verify(hash, password)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    somebodys = CHEAP.hash("seven-brave-otters")

    assert not asyncio.run(passwords.matches(somebodys, "wrong"))
    assert not asyncio.run(passwords.matches(None, "wrong"))
    assert extract_parameters(verified[0]) == extract_parameters(verified[1])


def test_no_password_is_nobodys():
    class Yes(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            return True

    passwords = Passwords(Yes(time_cost=1, memory_cost=8, parallelism=1))
    assert not asyncio.run(passwords.matches(None, "seven-brave-otters"))


def test_no_more_hashes_are_made_at_once_than_there_is_memory_for():
    lock, most, now = threading.Lock(), 0, 0
    together = threading.Barrier(AT_ONCE)

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            nonlocal most, now
            with lock:
                now += 1
                most = max(most, now)
            together.wait(timeout=30)  # as many as may be at once are: else this breaks
            with lock:
                now -= 1
            return super().verify(hash, password)

    async def crowd() -> list[bool]:
        passwords = Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
        known = CHEAP.hash("right")
        return list(await asyncio.gather(*(passwords.matches(known, "right") for _ in range(10 * AT_ONCE))))

    assert asyncio.run(crowd()) == [True] * 10 * AT_ONCE
    assert most == AT_ONCE


def test_who_comes_when_too_many_wait_is_told_to_come_again_and_a_place_is_given_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("functions.gateway.passwords.MOST_WAITING", 2)
    passwords = Passwords(CHEAP)

    with passwords.turn(), passwords.turn(), pytest.raises(TryAgainLater), passwords.turn():
        pytest.fail("there was a place")
    with pytest.raises(ZeroDivisionError), passwords.turn():
        raise ZeroDivisionError
    with passwords.turn(), passwords.turn():
        assert True
