"""Where no model is set up, nothing is read that only a model needs."""

import subprocess
import sys

import pytest

ASKING = {
    "concepts": ("ExplanationRequested", "Why does my while loop never end?"),
    "exercise": ("ExerciseRequested", "An exercise on loops about football"),
    "debug": ("DebuggingRequested", "I get NameError: name 'totl' is not defined"),
    "review": ("ReviewRequested", "```python\nprint(1)\n```"),
    "triage": ("QuestionAsked", "loops"),
}
PROGRAM = """
import sys
from functions.{name}.main import function
from functions.shared import events
from functions.shared.testing import arriving, deliver

answer = deliver(function, *arriving(events.{payload}(question={question!r})))
assert answer.status == 200, answer
ours = ("openai", "functions.shared.model", "functions.shared.prompts")
print(*sorted(name for name in sys.modules if name.startswith(ours)))
"""


@pytest.mark.parametrize("name", ASKING)
def test_a_question_reads_neither_prompts_nor_what_asks_a_model(name, database_url):
    payload, question = ASKING[name]
    program = PROGRAM.format(name=name, payload=payload, question=question)

    ran = subprocess.run(
        [sys.executable, "-c", program], env={"DATABASE_URL": database_url}, capture_output=True, text=True, timeout=60
    )

    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.splitlines()[-1].split()) == {
        "functions.shared.model", "functions.shared.model.asking", "functions.shared.model.set_up",
    }  # fmt: skip
