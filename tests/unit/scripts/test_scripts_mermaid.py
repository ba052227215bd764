"""Mermaid's parser is fetched where Node is; where it is not, the reason is said."""

import pytest

from scripts.stack import mermaid
from scripts.stack.errors import NotHereError
from scripts.stack.places import Places


@pytest.fixture(autouse=True)
def _checkout_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(mermaid, "here", lambda: Places(tmp_path))


@pytest.mark.parametrize("needed", [mermaid.module, mermaid.main])
def test_without_node_it_is_said_how_to_get_it(needed, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NotHereError, match=r"no 'node' is on the PATH\. Install Node 20"):
        needed()


def test_a_download_that_fails_says_where_the_details_are(tmp_path, monkeypatch):
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho no network; exit 7\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/bin:/usr/bin")

    with pytest.raises(NotHereError, match=r"npm failed \(7\).*npm\.log"):
        mermaid.fetch()
    assert (tmp_path / ".local" / "mermaid" / "npm.log").read_text() == "no network\n"


def test_what_is_there_is_not_fetched_again(tmp_path, monkeypatch):
    home = tmp_path / ".local" / "mermaid"
    home.mkdir(parents=True)
    (home / "installed.json").write_bytes((mermaid.PACKAGE / "package-lock.json").read_bytes())
    monkeypatch.setenv("PATH", str(tmp_path))

    assert mermaid.fetch() is None
