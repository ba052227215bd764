"""Lines: pasted text as the terminal first showed it, without colours, quote marks, margins and broken lines."""

from __future__ import annotations

import ast
import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

MOST_CHARACTERS = 60_000
"""Of a longer text the beginning and the end are read, where a traceback says what matters."""
_BEGINNING = 20_000
_MOST_LINES = 1_500
_LONGEST_LINE = 4_000

HEADER = "Traceback (most recent call last)"
FRAME = re.compile(
    r"(?P<indent>\s*)(?:File|Datei|Fichier|Archivo|Fichero|Arquivo|Ficheiro|Bestand|Plik|Файл|文件|ファイル)"
    r"\s{1,4}[\"“„«](?P<file>[^\"“”„«»]{1,400})[\"“”»],?\s{0,4}"
    r"(?:line|Zeile|ligne|línea|linea|linha|regel|wiersz|linia|строка|行)\s{0,4}(?P<line>\d{1,9})"
    r"(?:,?\s{1,4}(?:in|dans|en|em|w|в)\s{1,4}(?P<function>[^\s,(]{1,120}))?",
    re.IGNORECASE,
)
"""A frame as Python writes it, and as a browser's translation leaves it."""

# Every repetition is bounded or begins where nothing else can: no text takes longer than its length.
_COLOUR = re.compile(
    r"\x1b\[[0-?]{0,30}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,300}(?:\x07|\x1b\\)|\x1b[()=>]?[0-9A-B]?"
    r"|(?:␛|\^\[|\\x1b|\\033|\\e|\\u001b)\[[\d;]{0,16}[mK]|\[\d{1,3}(?:;\d{1,3}){0,6}m"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1a\x7f]")
_ENTITY = re.compile(r"&(?:lt|gt|quot|amp|nbsp|#39|#x27);")
_ESCAPED_BREAK = re.compile(r"\\r?\\n|\\n")
_FENCE = re.compile(r"\s{0,8}(?:```|~~~)[\w +-]{0,20}$")
_POWERSHELL_PLACE = re.compile(r"At \S{0,300} char:\d{1,4}$")
_POWERSHELL = re.compile(r"\+ |\s{4,8}\+ (?:CategoryInfo|FullyQualifiedErrorId)\b")
_STAMP = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,12}(?:Z|[+-]\d\d:?\d\d)?\]? ?"
    r"(?:\[?(?:ERROR|WARNING|INFO|DEBUG|CRITICAL)\]?:? )?"
)
_QUOTE = re.compile(r"(?:\s{0,3}>(?!>>)(?: |$)){1,6}")
_NUMBER = re.compile(r"\s{0,6}\d{1,4}(?:\s?[|:.)\]]\s?|\s|$)")
_NUMBERED = re.compile(r"\s{0,6}\d{1,4}(?:\s?[|:.)\]]\s?|\s)\s{0,4}(?:Traceback|File \")")
_PYTEST = re.compile(r"E {2,}\S")
_MARGIN = re.compile(r"(?P<margin>.{1,60}?)(?:Traceback \(most recent call last\)|  File [\"“])")
_COMMAND = re.compile(r"\s{0,4}python[\d.]{0,6}(?:\.exe)? : ")
_SPLIT_FRAME = re.compile(r"\s{0,12}File [\"“]")
_MORE_TO_COME = re.compile(r"(?:, in|, line|,|, in <\w{0,12})$")
_RUN_TOGETHER = re.compile(r"File [\"“][^\"”\n]{1,400}[\"”], line \d{1,9}(?:, in [^\s,(]{1,120})?")
_ERROR_AT_LAST = re.compile(
    r"(?<=\s)(?:(?:\w{1,40}\.){0,4}[A-Z]\w{0,60}(?:Error|Exception|Interrupt|Iteration|Exit)"
    r"|__main__\.[\w.<>]{1,80})(?=:|\s{0,9}$)"
)


def plain(text: str) -> list[str]:
    """Return the text's lines, indented as they were shown. Blank lines stay: they part one thing from another."""
    if len(text) > MOST_CHARACTERS:
        text = text[:_BEGINNING] + "\n" + text[_BEGINNING - MOST_CHARACTERS :]
    text = _unescaped(text)
    text = _INVISIBLE.sub("", _COLOUR.sub("", text)).replace("\xa0", " ")
    if text[:2] in ("**", "__") and text.rstrip().endswith(text[:2]):
        text = text.rstrip()[2:-2]
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        lines = lines[: _MOST_LINES // 3] + lines[-(_MOST_LINES * 2 // 3) :]
    lines = _without_shell([line.rstrip() for line in lines if not _FENCE.match(line)])
    lines = _without_margin(lines)
    return [line[:_LONGEST_LINE] for line in _whole_frames(_relined(lines))]


def _unescaped(text: str) -> str:
    if _ENTITY.search(text):
        text = html.unescape(text)
    if "\n" not in text.strip() and ("Traceback" in text or "File " in text) and _ESCAPED_BREAK.search(text):
        return _unquoted(text.strip()) or _ESCAPED_BREAK.sub("\n", text).replace('\\"', '"').replace("\\'", "'")
    return text


def _unquoted(text: str) -> str | None:
    """Return what a text of Python or JSON stands for, None where it is none."""
    if text[0] not in "'\"" or text[-1] != text[0]:
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, str) else None


def _without_shell(lines: list[str]) -> list[str]:
    """Drop what PowerShell says between the lines of a program's error."""
    if not any(_POWERSHELL_PLACE.match(line) for line in lines):
        return lines
    lines = [line for line in lines if not (_POWERSHELL_PLACE.match(line) or _POWERSHELL.match(line))]
    return [_COMMAND.sub("", line, count=1) for line in lines]


def _without_margin(lines: list[str]) -> list[str]:
    """Strip what a mail, a log, a listing or a comment puts before every line."""
    if any(_NUMBERED.match(line) for line in lines):
        lines = [_NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line for line in lines]
    lines = [_STAMP.sub("", line, count=1) if line[:1] in "[2" and _STAMP.match(line) else line for line in lines]
    margin = _common_margin(lines)
    if margin:
        lines = [line.removeprefix(margin) if line.startswith(margin) else _after(line, margin) for line in lines]
    if any(_PYTEST.match(line) for line in lines):
        return lines  # its `>` marks the guilty line
    return [line[found.end() :] if (found := _QUOTE.match(line)) else line for line in lines]


def _after(line: str, margin: str) -> str:
    bare = margin.rstrip()
    return line.removeprefix(bare) if bare and line == bare else line


def _common_margin(lines: list[str]) -> str:
    """Return what stands before a traceback's first line and the next one too; "" where there is no such thing."""
    for line, following in pairwise(lines):
        if found := _MARGIN.match(line):
            margin = found["margin"].removesuffix("Exception Group ")
            if "+" in margin:  # an exception group's own
                return ""
            return margin if following.startswith(margin.rstrip()) and margin.strip() else ""
    return ""


def _relined(lines: Iterable[str]) -> Iterator[str]:
    """Break a traceback whose lines were run together, as a chat or a form may do."""
    for line in lines:
        frames = list(_RUN_TOGETHER.finditer(line)) if 'File "' in line or "File “" in line else []
        if not frames or (len(frames) == 1 and not line[: frames[0].start()].strip() and _nothing_after(line, frames)):
            yield line
            continue
        yield line[: frames[0].start()].rstrip()
        for frame, after in zip(frames, [*frames[1:], None], strict=True):
            yield "  " + frame[0]
            rest = line[frame.end() : after.start() if after else None].strip(" ,")
            error = None if after else next(iter(_ERROR_AT_LAST.finditer(" " + rest)), None)
            source = rest[: max(error.start() - 1, 0)].strip() if error else rest
            yield "    " + source.rstrip("^~ ")
            if error:
                yield rest[error.start() - 1 :]


def _nothing_after(line: str, frames: list[re.Match[str]]) -> bool:
    rest = line[frames[-1].end() :]
    return not rest.strip(" ,:()") or rest.startswith((",", "("))


def _whole_frames(lines: Iterable[str]) -> Iterator[str]:
    """Join a frame's first line where a narrow window broke it."""
    waiting = deque(lines)
    while waiting:
        line = waiting.popleft()
        if _SPLIT_FRAME.match(line) and (_MORE_TO_COME.search(line) or not FRAME.match(line)):
            for more in range(1, 4):
                joined = _joined(line, list(islice(waiting, more)))
                if FRAME.match(joined) and not _MORE_TO_COME.search(joined):
                    line = joined
                    for _ in range(more):
                        waiting.popleft()
                    break
        yield line


def _joined(line: str, following: list[str]) -> str:
    for more in following:
        between = " " if line.endswith((",", " in", " line")) else ""
        line += between + (more.lstrip() if more.startswith("  ") else more)
    return line[:_LONGEST_LINE]
