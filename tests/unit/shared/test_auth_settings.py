"""Keys, an outside issuer, and whether anybody has to log in: what is wrong is said, and never a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from functions.shared.settings import SettingsError, read_settings

ONE, OTHER = "first-secret-" + "a" * 32, "second-secret-" + "b" * 32


def test_one_has_to_log_in_unless_it_is_said_otherwise():
    assert read_settings(environ={}).auth.required
    assert read_settings(environ={"AUTH_REQUIRED": "True"}).auth.required
    assert not read_settings(environ={"AUTH_REQUIRED": "false"}).auth.required


@pytest.mark.parametrize("profile", ["staging", "prod"])
def test_nobody_does_without_logging_in_but_in_development(profile: str):
    with pytest.raises(SettingsError, match="for profile dev only"):
        read_settings(environ={"AUTH_REQUIRED": "false", "PROFILE": profile})


@pytest.mark.parametrize("value", ["no", "0", "off", "flase"])
def test_what_is_neither_true_nor_false_is_refused(value: str):
    with pytest.raises(SettingsError, match="AUTH_REQUIRED is"):
        read_settings(environ={"AUTH_REQUIRED": value})


@pytest.mark.parametrize("text", [f"new:{ONE},old:{OTHER}", f" new:{ONE} , old:{OTHER} ,", f"new:{ONE}\nold:{OTHER}\n"])
def test_there_may_be_several_keys_and_the_first_one_signs(text: str):
    keys = read_settings(environ={"AUTH_KEYS": text}).auth.keys

    assert list(keys.items()) == [("new", ONE.encode()), ("old", OTHER.encode())]


def test_keys_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "keys").write_text(f"k1:{ONE}\n")

    assert read_settings(environ={"AUTH_KEYS_FILE": str(tmp_path / "keys")}).auth.keys == {"k1": ONE.encode()}


def test_a_key_may_hold_a_colon():
    assert read_settings(environ={"AUTH_KEYS": f"k1:a:{ONE}"}).auth.keys == {"k1": f"a:{ONE}".encode()}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (ONE, 1),
        (f":{ONE}", 1),
        ("k1:", 1),
        ("k1:first-secret-too-short", 1),
        (f"k1:{ONE},{OTHER}", 2),
        (f"k1:{ONE},k1:{OTHER}", 2),
        (f"k1:{ONE},k2:second-secret", 2),
    ],
)
def test_a_wrong_key_is_told_by_its_place_and_never_quoted(text: str, place: int):
    with pytest.raises(SettingsError, match=f"AUTH_KEYS: number {place} ") as error:
        read_settings(environ={"AUTH_KEYS": text})

    assert "secret" not in str(error.value)


def test_settings_that_are_printed_show_no_key():
    assert "secret" not in repr(read_settings(environ={"AUTH_KEYS": f"k1:{ONE}"}))


OUTSIDE = {
    "AUTH_ISSUER": "https://login.school.example",
    "AUTH_JWKS_URL": "https://login.school.example/keys",
    "AUTH_AUDIENCE": "learnflow",
}


def test_an_outside_issuer_has_a_name_keys_and_an_audience():
    auth = read_settings(environ={**OUTSIDE, "PROFILE": "prod"}).auth

    assert (auth.issuer, auth.jwks_url, auth.audience, auth.role_claim) == (*OUTSIDE.values(), "roles")


@pytest.mark.parametrize("missing", OUTSIDE)
def test_an_outside_issuer_is_told_of_wholly_or_not_at_all(missing: str):
    with pytest.raises(SettingsError, match="belong together"):
        read_settings(environ={name: value for name, value in OUTSIDE.items() if name != missing})


def test_keys_that_anybody_between_could_change_are_not_fetched():
    plain = {**OUTSIDE, "AUTH_JWKS_URL": "http://login.school.example/keys"}

    assert read_settings(environ=plain).auth.jwks_url
    with pytest.raises(SettingsError, match="AUTH_JWKS_URL is no https"):
        read_settings(environ={**plain, "PROFILE": "prod"})
    with pytest.raises(SettingsError, match="AUTH_JWKS_URL is no https"):
        read_settings(environ={**plain, "AUTH_JWKS_URL": "file:///etc/keys"})
