"""What the audit of libraries says is what was looked up, not what nobody could look up."""

from scripts.stack.audit import Audit, _told, judged

SOUND = {"name": "good", "version": "1.0", "vulns": []}
HOLED = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]}]}
UNKNOWN = {"name": "missing", "skip_reason": "Dependency not found"}


def test_a_known_vulnerability_is_named_with_what_mends_it():
    audit = judged({"dependencies": [SOUND, HOLED], "fixes": []})

    assert audit == Audit(2, (), ("bad 2.0: PYSEC-1, mended in 2.1, 3.0",))
    assert _told("a.txt", audit)[0].startswith("✗")


def test_one_that_nothing_mends_is_told_as_such():
    holed = {**HOLED, "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}

    assert judged({"dependencies": [holed]}).vulnerable == ("bad 2.0: PYSEC-1, mended in nothing yet",)


def test_a_library_that_was_not_looked_up_is_not_called_sound():
    audit = judged({"dependencies": [SOUND, UNKNOWN]})

    assert audit == Audit(1, ("missing",), ())
    assert "not looked up: missing" in "\n".join(_told("a.txt", audit))


def test_where_no_list_is_reached_nothing_is_called_sound():
    assert judged({"dependencies": [UNKNOWN]}).looked_up == 0
    assert "not audited" in _told("a.txt", None)[0]
    assert "✓" not in _told("a.txt", None)[0]
