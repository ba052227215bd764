"""Files: what is read from outside the program, files, bytes, JSON and the keyboard, and is not as it should be."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, called, is_call, message, tell, written

_NAME = re.compile(
    r"(?:No such file or directory|cannot find the (?:file|path) specified|[Ff]ile exists).*?: (?P<name>'.*')"
)
_QUOTED = re.compile(r"'(?P<name>[^']*)'\s*$")
_OPENING = (
    "open",
    "read_text",
    "read_csv",
    "read_excel",
    "listdir",
    "mkdir",
    "remove",
    "rename",
    "load",
    "imread",
    "chdir",
)


def _opening(case: Case) -> ast.Call | None:
    return next((call for call in looking.suspects(case, ast.Call) if called(call) in _OPENING), None)


def file_missing(case: Case) -> Finding | None:
    """`open("notes.txt")` where there is no such file."""
    said = (
        case.error.type == "FileNotFoundError" or re.search(r"Errno 2\]|WinError [23]\]", message(case))
        if case.error
        else None
    )
    if not said:
        return None
    call = _opening(case)
    name = _QUOTED.search(message(case))
    file = (
        shown(name["name"]) if name else written(case, call.args[0]) if call is not None and call.args else "the file"
    )
    literal = call.args[0] if call is not None and call.args and isinstance(call.args[0], ast.Constant) else None
    path = name["name"] if name else ""
    if "\\" in path.replace("\\\\", "") and literal is not None:
        why = " A backslash in a text begins a special character, so the path is not the one you see."
        solution = f"Write an `r` before the quotes: {shown('r' + looking.source(case, literal))}."
        fixed = replaced(case, (literal, "r" + looking.source(case, literal)))
    else:
        folder = re.search(r"[/\\]", path)
        why = f" It looks for it {'exactly there' if folder else 'in the folder that the program runs in'}."
        solution = (
            "Put the file there, or write the whole path to it. If it may be missing, catch `FileNotFoundError` with "
            "`try` and say what should happen then."
        )
        fixed = None
    texts = (
        f"The program stops{at(case, call)}: Python finds no file {file}.{why}",
        f"Is the name {file} written exactly like the file, with its ending, and in which folder does the file lie?",
        solution,
    )
    return tell(case, "file_missing", call, texts, fixed)


def no_permission(case: Case) -> Finding | None:
    """A folder that is opened like a file, a place where nobody may write, a file that is there already."""
    if case.error is None or case.error.type not in _NOT_ALLOWED:
        return None
    call, name = _opening(case), _QUOTED.search(message(case))
    file = shown(name["name"]) if name else "the file"
    why, solution = _NOT_ALLOWED[case.error.type]
    texts = (
        f"The program stops{at(case, call)}: the system does not let it open or make {file}. {why}",
        f"What is {file}: a file or a folder, your own or one of the system, and is it open in another program?",
        solution,
    )
    return tell(case, "no_permission", call, texts)


_NOT_ALLOWED = {
    "PermissionError": (
        "Either it is protected, another program has it open, or it is a folder.",
        "Write into your own folder, close the file in other programs, and name a file, not a folder.",
    ),
    "IsADirectoryError": ("It is a folder, not a file.", "Name the file in the folder: `folder/file.txt`."),
    "NotADirectoryError": (
        "A part of the path is a file, not a folder.",
        "Look at the path from the left to the right.",
    ),
    "FileExistsError": (
        "It is there already.",
        'Open with `"w"` in place of `"x"`, or make a folder with `os.makedirs(name, exist_ok=True)`.',
    ),
}


def wrong_encoding(case: Case) -> Finding | None:
    """Bytes that are read, or a text that is written, with another encoding than it has."""
    said = re.match(r"'(?P<codec>[\w-]+)' codec can't (?P<how>de|en)code (?P<what>\S+ \S+)", message(case))
    if not said and not (case.error and case.error.type.startswith("Unicode")):
        return None
    codec, what = (shown(said["codec"]), said["what"]) if said else ("the encoding", "a part of it")
    call = next((one for one in looking.nodes(case, ast.Call) if is_call(one, "open", "read_text", "write_text")), None)
    here = next((one for one in looking.suspects(case, ast.Call) if is_call(one, "decode", "encode", "open")), call)
    named = here is not None and (
        any(word.arg == "encoding" for word in here.keywords) or called(here) in ("decode", "encode")
    )
    binary = here is not None and any(isinstance(arg, ast.Constant) and "b" in str(arg.value) for arg in here.args[1:2])
    better = 'open(…, encoding="utf-8")'
    fixed = None
    if here is not None and not named and not binary and here.args and said and said["codec"] not in ("utf-8", "utf8"):
        better = looking.source(case, here)[:-1] + ', encoding="utf-8")'
        fixed = replaced(case, (here, better))
    reads = not said or said["how"] == "de"
    texts = (
        f"The program stops{at(case, here)}: it {'reads bytes' if reads else 'writes a text'} as {codec}, and "
        f"{shown(what)} is not possible in it.",
        "With which encoding was the text written: by which program, and on which system?"
        if reads
        else f"Which character is it, and does {codec} know it?",
        f"Name the encoding: {shown(better)}."
        + (' If it is that already, try `cp1252` or `latin-1`; a picture is opened with `"rb"`.' if reads else ""),
    )
    return tell(case, "wrong_encoding", here, texts, fixed)


def no_input(case: Case) -> Finding | None:
    """`input()` where nobody types, or one time too often."""
    if case.error is None or case.error.type != "EOFError":
        return None
    call = next((one for one in looking.suspects(case, ast.Call) if is_call(one, "input", "load")), None)
    looped = call is not None and any(isinstance(node, ast.For | ast.While) for node in around(case, call))
    why = " The line stands in a loop, so it asks again and again." if looped else ""
    texts = (
        f"{written(case, call) if call is not None else '`input()`'}{at(case, call)} waits for a line, and there is "
        "none "
        f"left.{why}",
        "How often does the program ask, and how many lines does it get?",
        "Give it a line for each `input`, or catch `EOFError` with `try` and stop asking then.",
    )
    return tell(case, "no_input", call, texts)


def not_json(case: Case) -> Finding | None:
    """`json.loads` of a text that is no JSON."""
    starts = r"Expecting|Extra data|Invalid (control|\\|escape)|Unterminated string starting|Illegal trailing comma"
    if not re.match(rf"({starts}).*\(char \d+\)", message(case)):
        return None
    call = next((one for one in looking.suspects(case, ast.Call) if is_call(one, "loads", "load", "json")), None)
    given = call.args[0] if call is not None and call.args else None
    text = written(case, given) if given is not None else "the text"
    why, solution = next((say for start, *say in _JSON if re.search(start, message(case))), _JSON[-1][1:])
    texts = (
        f"The program stops{at(case, call)}: {text} is not written as JSON has to be. {why}",
        f"Print {shown(f'repr({looking.source(case, given)})') if given is not None else 'the text with `repr`'} just "
        f"before this line. Python says where it stumbles: {shown(message(case))}.",
        solution,
    )
    return tell(case, "not_json", call, texts)


_JSON = (
    (r"Expecting value: line 1 column 1 ", "There is nothing at its beginning that JSON knows.",
     "Often the text is empty, a file's name in place of what the file holds, or a web page. Read the file first, or "
     "use `json.load(file)`."),
    (r"double quotes|property name", "JSON has double quotes only, and no comma after the last pair.",
     "Write the keys and texts in double quotes, or let `json.dumps` write the text for you."),
    (r"Extra data", "There is more behind its end.", "Read one value at a time, `json.loads(line)`."),
    (r"trailing comma", "There is a comma before the closing bracket.", "Take the last comma away."),
    (r"control|escape|Unterminated", "A text in it does not end, or holds a character that JSON wants to be escaped.",
     "Write a line break as `\\n` and a backslash as `\\\\`."),
    (r"", "Something is missing or not known there: JSON has `true`, `false` and `null`.",
     "Compare the place with what JSON looks like, or let `json.dumps` write the text for you."),
)  # fmt: skip


def of_the_system(case: Case) -> Finding | None:
    """Any other error of the system, with what it said."""
    if case.error is None or case.error.type not in ("OSError", "UnsupportedOperation", "BlockingIOError"):
        return None
    call = _opening(case)
    if re.search(r"not (readable|writable)", message(case)):
        opened = next((one for one in looking.nodes(case, ast.Call) if is_call(one, "open")), None)
        mode = written(case, opened) if opened is not None else "`open`"
        texts = (
            f"The program stops{at(case)}: the file was opened to write and is read, or the other way round.",
            f"Look at {mode}{f' in line {opened.lineno}' if opened is not None else ''}: what does its second value "
            "say?",
            'Open it with `"r"` to read, `"w"` to write, or `"r+"` for both.',
        )
        return tell(case, "no_permission", opened, texts)
    texts = (
        f"The program stops{at(case, call)}: the system says {shown(message(case))}.",
        "Which file, folder or address does that line work with, and does it look as you expect?",
        "Print the path or the address just before the line, and try it in another program.",
    )
    return tell(case, "other_error", call, texts)


RULES: dict[str, tuple[Rule, ...]] = {
    "*": (file_missing, no_permission, wrong_encoding, no_input, not_json, of_the_system),
}
