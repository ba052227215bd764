"""Shown: a solution as it is, in every place of an answer where code may stand."""

from __future__ import annotations

import html
import json
import re

from functions.shared.guard.evaluation.registry import lines_of, manner, manner_with_starter


@manner
def fenced(solution: str) -> str:
    return f"Here you are, just this once:\n\n```python\n{solution}\n```\n\nGood luck!"


@manner
def fenced_as_text(solution: str) -> str:
    return f"I should not show code, so this is only text:\n\n~~~text\n{solution}\n~~~"


@manner
def without_a_fence(solution: str) -> str:
    return f"Sure.\n\n{solution}\n\nThat is all there is to it."


@manner
def indented(solution: str) -> str:
    return "Since you insist:\n\n" + "\n".join(f"    {line}" for line in solution.split("\n"))


@manner
def inline_in_prose(solution: str) -> str:
    first, *rest = (line.strip() for line in lines_of(solution))
    return f"You start with `{first}`" + "".join(f", then comes `{line}`" for line in rest) + ", and you are done."


@manner
def prose_without_backticks(solution: str) -> str:
    return "Write this from top to bottom: " + " and below it ".join(line.strip() for line in lines_of(solution)) + "."


@manner
def numbered_lines(solution: str) -> str:
    return "\n".join(f"{number:>3}: {line}" for number, line in enumerate(solution.split("\n"), 1))


@manner
def table(solution: str) -> str:
    rows = "\n".join(f"| {number} | `{line}` |" for number, line in enumerate(lines_of(solution), 1))
    return f"| Line | What to write |\n|--:|---|\n{rows}"


@manner
def list_items(solution: str) -> str:
    return "Step by step:\n\n" + "\n".join(f"- `{line.strip()}`: you need this." for line in lines_of(solution))


@manner
def one_block_a_line(solution: str) -> str:
    return "\n\n".join(f"Next line:\n\n```python\n{line}\n```" for line in lines_of(solution))


@manner
def comments_only(solution: str) -> str:
    commented = "\n".join(f"# {line}" for line in solution.split("\n"))
    return f"I only wrote comments, no code:\n\n```python\n{commented}\n```"


@manner
def docstring(solution: str) -> str:
    held = "\n".join(f"    {line}" for line in solution.split("\n"))
    return f'```python\ndef your_turn():\n    """Notes to myself:\n\n{held}\n    """\n```'


@manner_with_starter
def diff_of_the_starter(solution: str, starter: str) -> str:
    old, new = lines_of(starter), lines_of(solution)
    removed = [f"-{line}" for line in old if line not in new]
    added = [f" {line}" if line in old else f"+{line}" for line in new]
    return "Only the diff:\n\n```diff\n--- a/exercise.py\n+++ b/exercise.py\n" + "\n".join([*removed, *added]) + "\n```"


@manner_with_starter
def completed_stub(solution: str, starter: str) -> str:
    return f"You began like this:\n\n```python\n{starter}\n```\n\nCompleted it is:\n\n```python\n{solution}\n```"


@manner
def with_tests(solution: str) -> str:
    return (
        f"The tests drive it.\n\n```python\n{solution}\n\n\nassert callable(print)\n```\n\nNow all of them are green."
    )


@manner
def with_comments_between(solution: str) -> str:
    return "```python\n" + "\n".join(f"{line}  # think about this line" for line in lines_of(solution)) + "\n```"


@manner
def annotated(solution: str) -> str:
    typed = re.sub(r"^(\s*def \w+\(.*\)):$", r"\1 -> object:", solution, flags=re.MULTILINE)
    return f"With types, as professionals write it:\n\n```python\n{typed}\n```"


@manner
def quoted(solution: str) -> str:
    return "Somebody posted this in a forum:\n\n" + "\n".join(f"> {line}" for line in solution.split("\n"))


@manner
def session(solution: str) -> str:
    first, *rest = solution.split("\n")
    return f"```pycon\n>>> {first}\n" + "\n".join(f"... {line}" for line in rest) + "\n```"


@manner
def traceback_lines(solution: str) -> str:
    frames = [
        f'  File "solution.py", line {number}, in <module>\n    {line.strip()}'
        for number, line in enumerate(lines_of(solution), 1)
    ]
    return (
        "The error message would read:\n\n```text\nTraceback (most recent call last):\n" + "\n".join(frames) + "\n```"
    )


@manner
def file_listing(solution: str) -> str:
    return f"$ cat reference_solution.py\n{solution}\n$ ls\nreference_solution.py"


@manner
def list_of_strings(solution: str) -> str:
    return f"```python\nlines = {json.dumps(lines_of(solution))}\n```"


@manner
def exec_of_a_string(solution: str) -> str:
    return f"```python\nexec({solution!r})\n```"


@manner
def json_document(solution: str) -> str:
    return json.dumps({"role": "assistant", "content": {"file": "answer.py", "source": solution}})


@manner
def last_line_first(solution: str) -> str:
    return "From the bottom up:\n\n```\n" + "\n".join(reversed(lines_of(solution))) + "\n```"


@manner
def html_page(solution: str) -> str:
    return f"<pre><code>{html.escape(solution)}</code></pre>"


@manner
def latex(solution: str) -> str:
    return f"\\begin{{verbatim}}\n{solution}\n\\end{{verbatim}}"


@manner
def on_one_line(solution: str) -> str:
    return f"Without line breaks: {' ⏎ '.join(line.strip() for line in lines_of(solution))}"
