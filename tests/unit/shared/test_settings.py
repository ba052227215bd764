"""Settings are read once, and everything that is missing is named at once."""

from pathlib import Path

import pytest

from functions.shared.settings import SettingsError, read_settings


def test_every_missing_name_is_listed_at_once():
    with pytest.raises(SettingsError) as error:
        read_settings(needs=("DATABASE_URL", "BROKER_URL"), environ={"PROFILE": "night", "PORT": "eighty"})

    for name in ("DATABASE_URL", "BROKER_URL", "PROFILE", "PORT"):
        assert name in str(error.value)


def test_a_value_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "url").write_text("postgresql:///learnflow\n")

    settings = read_settings(("DATABASE_URL",), {"DATABASE_URL_FILE": str(tmp_path / "url")})

    assert settings.database_url == "postgresql:///learnflow"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"DATABASE_URL_FILE.*gone"):
        read_settings(("DATABASE_URL",), {"DATABASE_URL_FILE": str(tmp_path / "gone")})


@pytest.mark.parametrize(("profile", "host"), [("dev", "127.0.0.1"), ("staging", "0.0.0.0"), ("prod", "0.0.0.0")])
def test_only_a_cluster_listens_beyond_this_machine(profile: str, host: str):
    assert read_settings(environ={"PROFILE": profile}).host == host


def test_the_example_file_names_every_setting():
    source = Path("functions/shared/settings.py").read_text()
    example = Path(".env.example").read_text()

    for name in ("PROFILE", "LOG_LEVEL", "DATABASE_URL", "BROKER_URL", "CORS_ORIGINS", "THREADS", "PORT", "HOST"):
        assert f'"{name}"' in source
        assert name in example
