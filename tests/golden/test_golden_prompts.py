"""Golden prompts: what a model is told for an input.json stands, to the letter, in prompt.txt.

What it is to answer with stands in each prompt's answer.json. `--update-golden` writes both. `checksums.json` keeps a
hash of every version there ever was: `--update-golden` adds those of new ones, and changes none.
"""

import hashlib
import json
from pathlib import Path

import pytest

from functions.shared.prompts import concepts, debug, exercise, placing, review, triage
from functions.shared.prompts.files import HOME

HERE = Path(__file__).parent / "prompts"
FOLDERS = sorted(path.parent for path in HERE.glob("*/*/input.json"))
CHECKSUMS = HERE / "checksums.json"
PROMPTS = {
    "triage": (triage.TriageInput, triage.triage_prompt, triage.FILE, triage.TriageSaid),
    "concepts": (concepts.ConceptsInput, concepts.concepts_prompt, concepts.FILE, concepts.ExplanationSaid),
    "placing": (placing.PlacingInput, placing.placing_prompt, placing.FILE, placing.PlacedSaid),
    "debug": (debug.DebugInput, debug.debug_prompt, debug.FILE, debug.HintsSaid),
    "review": (review.ReviewInput, review.review_prompt, review.FILE, review.ReviewSaid),
    "exercise": (exercise.ExerciseInput, exercise.exercise_prompt, exercise.FILE, exercise.ExerciseSaid),
}
SITUATIONS = {"plain", "hostile", "long"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(HERE)))
def test_a_model_is_told_what_is_recorded(folder, request):
    model, build, file, answer = PROMPTS[folder.parent.name]

    prompt = build(model.model_validate_json((folder / "input.json").read_text("utf-8")))

    printed = f"{prompt.version}\n" + "".join(f"\n=== {m['role']}\n\n{m['content']}\n" for m in prompt.messages)
    if request.config.getoption("--update-golden"):
        (folder / "prompt.txt").write_text(printed, "utf-8")
    assert (folder / "prompt.txt").read_text("utf-8") == printed
    assert (prompt.task, prompt.version, prompt.answer) == (file.task, file.version, answer)


@pytest.mark.parametrize("name", PROMPTS)
def test_a_model_is_to_answer_with_what_is_recorded(name, request):
    schema = PROMPTS[name][3].model_json_schema()

    if request.config.getoption("--update-golden"):
        (HERE / name / "answer.json").write_text(json.dumps(schema, indent=2) + "\n")
    assert json.loads((HERE / name / "answer.json").read_text()) == schema


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_is_seen_as_usual_under_attack_and_with_more_than_there_is_room_for(name):
    assert {folder.name for folder in FOLDERS if folder.parent.name == name} >= SITUATIONS


def test_a_changed_text_or_a_changed_form_of_answer_is_a_new_version(request):
    in_use = {file.version: told(file.path, answer) for _, _, file, answer in PROMPTS.values()}
    kept = json.loads(CHECKSUMS.read_text()) if CHECKSUMS.exists() else {}

    if request.config.getoption("--update-golden"):
        CHECKSUMS.write_text(json.dumps(in_use | kept, indent=2, sort_keys=True) + "\n")
        kept = in_use | kept

    changed = [version for version, checksums in in_use.items() if kept.get(version) != checksums]
    assert not changed, f"{changed} were in use with other words: give the new ones a new number, see README.md"


def test_every_prompt_file_is_in_use():
    assert {path.name for path in HOME.glob("*.v*.md")} == {file.path.name for _, _, file, _ in PROMPTS.values()}


def told(path, answer):
    schema = json.dumps(answer.model_json_schema(), sort_keys=True)
    return {"text": sha256(path.read_bytes()), "answer": sha256(schema.encode())}


def sha256(content):
    return hashlib.sha256(content).hexdigest()
