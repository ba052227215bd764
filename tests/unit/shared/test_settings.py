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


def test_a_secret_for_mail_need_not_be_there(tmp_path: Path):
    gone = {"SMTP_URL_FILE": str(tmp_path / "SMTP_URL"), "SMTP_FROM_FILE": str(tmp_path / "SMTP_FROM")}

    assert (read_settings(environ=gone).smtp_url, read_settings(environ=gone).smtp_from) == ("", "")

    (tmp_path / "SMTP_URL").write_text("smtps://mail.example\n")
    assert read_settings(environ=gone).smtp_url == "smtps://mail.example"


@pytest.mark.parametrize("profile", ["staging", "prod"])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://learnflow:s3cret@db.example/learnflow",
        "postgresql://learnflow:s3cret@db.example/learnflow?sslmode=require",
        "host=db.example password=s3cret sslmode=verify-ca",
        "postgresql://learnflow:s3cret@db.example/learnflow?sslmode",
    ],
)
def test_outside_dev_no_database_is_spoken_to_that_does_not_prove_who_it_is(profile: str, url: str):
    with pytest.raises(SettingsError, match=r"sslmode=verify-full") as refused:
        read_settings(environ={"PROFILE": profile, "DATABASE_URL": url})

    assert "s3cret" not in str(refused.value)
    assert read_settings(environ={"PROFILE": profile, "DATABASE_URL": url, "DATABASE_TLS": "false"}).database_url == url


@pytest.mark.parametrize(
    "url", ["postgresql://db.example/learnflow?sslmode=verify-full", "host=db sslmode=verify-full"]
)
def test_a_database_that_proves_who_it_is_is_spoken_to(url: str):
    assert read_settings(environ={"PROFILE": "prod", "DATABASE_URL": url}).database_url == url


def test_on_one_machine_the_database_needs_no_certificate():
    assert read_settings(environ={"DATABASE_URL": "postgresql:///learnflow"}).database_url == "postgresql:///learnflow"


def test_a_database_is_spoken_to_with_tls_or_without():
    with pytest.raises(SettingsError, match="DATABASE_TLS is 'maybe'"):
        read_settings(environ={"DATABASE_TLS": "maybe"})


@pytest.mark.parametrize(("profile", "host"), [("dev", "127.0.0.1"), ("staging", "0.0.0.0"), ("prod", "0.0.0.0")])
def test_only_a_cluster_listens_beyond_this_machine(profile: str, host: str):
    assert read_settings(environ={"PROFILE": profile}).host == host


def test_the_example_file_names_every_setting():
    source = Path("functions/shared/settings.py").read_text()
    example = Path(".env.example").read_text()

    for name in (
        "PROFILE",
        "LOG_LEVEL",
        "DATABASE_URL",
        "BROKER_URL",
        "CORS_ORIGINS",
        "THREADS",
        "PORT",
        "HOST",
        "DATABASE_TLS",
    ):
        assert f'"{name}"' in source
        assert name in example
