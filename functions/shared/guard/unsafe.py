"""Unsafe content: what a tutor for young people never says, links to where they should not be sent, and programs that
do harm when somebody runs them at home.

The lists are short and sure rather than long: code and computing borrow hard words ("kill the process", "execute",
"child", "master"), and a lesson that is held back helps nobody.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from functions.shared.guard.reading import outside_code
from functions.shared.guard.words import words

HOSTS = frozenset({"docs.python.org", "example.com", "example.org", "example.net", "localhost", "127.0.0.1"})
"""Where an answer may lead to, and the names that are kept for examples (RFC 2606)."""

_URL = re.compile(
    r"\b(?:https?|ftp|wss?)://([^\s/:?#)\]>\"'`<]{1,253})|\]\(\s*(?://|www\.)([^\s/)]{1,253})", re.IGNORECASE
)
_ACTIVE = re.compile(
    r"(?:\]\(|\b(?:href|src|action)\s*=)\s*[\"']?\s*(?:javascript|data|file|vbscript):"
    r"|<(?:script|iframe|frame|img|svg|math|style|object|embed|applet|form)\b|<(?:link|meta|base)\s+[\w-]+\s*="
    r"|<[a-z][^<>]{0,400}[\s\"'/]on[a-z]{3,30}\s*="
    r"|^[ ]{0,3}(?:<!|<\?|</?(?:div|p|pre|table|ul|ol|li|h[1-6]|details|section|dialog)\b)"
    r"|^[ ]{0,3}</?[a-z][^<>\n]{0,400}>[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""What a page would act upon that shows an answer's Markdown without care, and what makes HTML of the lines that
follow, whatever stands in them."""

_DELETING = frozenset({"shutil.rmtree", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.truncate"})
_STARTING = frozenset({
    "os.system", "os.popen", "os.execv", "os.execvp", "pty.spawn", "subprocess.run", "subprocess.call",
    "subprocess.Popen", "subprocess.check_output", "subprocess.check_call",
})  # fmt: skip
_SENDING = frozenset({
    "requests.post", "requests.put", "httpx.post", "urllib.request.urlopen", "socket.socket", "smtplib.SMTP",
    "smtplib.SMTP_SSL", "ftplib.FTP",
})  # fmt: skip
_PRIVATE = re.compile(
    r"\.ssh|\.aws|id_rsa|/etc/(?:passwd|shadow)|os\.environ|getpass|Cookies|\.bash_history|keyboard\.|pynput"
)
_HARMFUL = re.compile(
    r"\brm\s+-[rf]{1,2}\b|\bmkfs\b|\bdd if=|:\(\)\s*\{|\bformat c:|\bdel /[sfq]\b|\bcurl\b[^\n]*\|\s*(?:ba)?sh\b"
)
_EVERYWHERE = re.compile(r"^(?:/|~|\.|\.\.|[A-Za-z]:\\?.{0,20}|/home.{0,40}|/etc.{0,40}|\*)$")


def is_unsafe(text: str) -> bool:
    """Return whether a text, decoded already, says or links to what a learner must not be sent."""
    return bool(_said().search(text)) or any(not _is_allowed(host) for host in _hosts(text))


def is_active(markdown: str) -> bool:
    """Return whether a text holds markup that a page may act upon; in code it is but shown."""
    return bool(_ACTIVE.search(outside_code(markdown)))


@cache
def _said() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words('unsafe')['said'])})\b", re.IGNORECASE)


def _hosts(text: str) -> Iterator[str]:
    for found in _URL.finditer(text):
        yield (found[1] or found[2]).rpartition("@")[2].lower().rstrip(".,;!*_")


def _is_allowed(host: str) -> bool:
    return host in HOSTS or host.endswith((".example", ".example.com", ".example.org", ".test", ".invalid"))


def does_harm(tree: ast.AST) -> bool:
    """Return whether a program deletes much, runs what harms, or sends away what is private."""
    calls = [(name, node) for node in ast.walk(tree) if isinstance(node, ast.Call) and (name := _called(node))]
    names = {name for name, _ in calls}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    deletes = any(name in _DELETING and _deletes_much(name, node) for name, node in calls)
    starts = bool(names & _STARTING) and any(map(_HARMFUL.search, texts))
    private = any(map(_PRIVATE.search, texts)) or bool(names & {"getpass.getuser", "os.environ.items"})
    return deletes or starts or (private and bool(names & _SENDING)) or _forks_for_ever(tree)


def _called(node: ast.Call) -> str:
    try:
        return ast.unparse(node.func) if isinstance(node.func, ast.Attribute | ast.Name) else ""
    except RecursionError:
        return ""


def _deletes_much(name: str, node: ast.Call) -> bool:
    """Whether it is a whole tree that goes, or whatever a loop or a pattern finds."""
    target = node.args[0] if node.args else None
    named = target.value if isinstance(target, ast.Constant) and isinstance(target.value, str) else None
    if named is None:
        return name == "shutil.rmtree"
    return bool(_EVERYWHERE.match(named))


def _forks_for_ever(tree: ast.AST) -> bool:
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.While))
    within = (each for loop in loops for each in ast.walk(loop) if isinstance(each, ast.Call))
    return any(_called(each) == "os.fork" for each in within)


def harmful_lines(texts: Iterable[str]) -> bool:
    """Return whether a text tells a shell to destroy something."""
    return any(map(_HARMFUL.search, texts))
