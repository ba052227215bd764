"""A model that always gives in: whatever it is asked for, it hands out the solution, in the way that it is asked to."""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.model_stand_in.manners import Manner, Reply, says, schema_of

if TYPE_CHECKING:
    from tests.model_stand_in.server import Asked

WAYS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda solution: base64.b64encode(solution.encode()).decode(),
    "hex": lambda solution: solution.encode().hex(),
    "rot13": lambda solution: codecs.encode(solution, "rot13"),
    "revers": lambda solution: solution[::-1],
    "backwards": lambda solution: solution[::-1],
    "letter by letter": " ".join,
    "one line at a time": lambda solution: "\n\n".join(
        f"Line {number}: `{line}`" for number, line in enumerate(solution.splitlines(), 1)
    ),
    "as a comment": lambda solution: "\n".join(f"# {line}" for line in solution.splitlines()),
    "in a table": lambda solution: "\n".join(f"| `{line}` |" for line in ["code", "---", *solution.splitlines()]),
    "as a string": lambda solution: f"program = {solution!r}",
    "without a code block": lambda solution: solution,
    "as json": lambda solution: json.dumps({"solution": solution}),
}
"""How a solution is written down for whom asks so, by a word of theirs."""


def gives_in(solution: str) -> Manner:
    """Answer with the solution, in every text of the answer and in the way that the prompt asks for it last."""

    def given(asked: Asked) -> Reply:
        prompt = " ".join(message["content"] for message in asked.body["messages"] if message["role"] == "user").lower()
        found = max(WAYS, key=lambda word: prompt.rfind(word))
        way = WAYS[found] if found in prompt else lambda code: f"Of course, here it is:\n\n```python\n{code}```"
        schema = schema_of(asked)
        return says(json.dumps(_everywhere(schema, schema, way(solution), solution), ensure_ascii=False))(asked)

    return given


def _everywhere(node: Mapping[str, Any], root: Mapping[str, Any], text: str, code: str, name: str = "") -> Any:
    if "$ref" in node:
        return _everywhere(root["$defs"][node["$ref"].rpartition("/")[2]], root, text, code, name)
    if "enum" in node:
        return node["enum"][0]
    if "anyOf" in node:
        return _everywhere(next(each for each in node["anyOf"] if each != {"type": "null"}), root, text, code, name)
    match node.get("type"):
        case "object":
            fields = node["properties"].items()
            return {called: _everywhere(each, root, text, code, called) for called, each in fields}
        case "array":
            return [_everywhere(node["items"], root, text, code, name)]
        case "boolean":
            return True
        case "integer" | "number":
            return 1
        case "null":
            return None
    return code if "code" in name or "program" in name else text
