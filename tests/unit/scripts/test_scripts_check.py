"""What `scripts/check` tells of a check that it ran."""

import sys

import pytest

from scripts.stack.check import Check, begin, end

CHATTER = "print('all is well'); print('types: skipped: Go is not here'); raise SystemExit(%d)"


@pytest.mark.parametrize(("code", "told"), [(0, ["skipped"]), (1, ["all is well", "skipped"])])
def test_what_was_skipped_is_told_even_when_all_is_well_and_everything_when_it_is_not(capsys, code, told):
    check = Check("a check", (sys.executable, "-c", CHATTER % code))

    passed = end(check, *begin(check, fix=False))

    title, *lines = capsys.readouterr().out.splitlines()
    assert passed is (code == 0)
    assert title.startswith("✓ a check" if passed else "✗ a check")
    assert len(lines) == len(told)
    assert all(word in line for word, line in zip(told, lines, strict=True))
