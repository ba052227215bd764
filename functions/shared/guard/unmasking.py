"""Unmasking: what a text says once it is decoded, by whatever way somebody may have hidden a program or a prompt in it.

Only what comes out readable is returned. All of it is bounded: a text is read once for each way, and what is decoded at
most `DEEPEST` times over.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from functions.shared.guard.dumped import program_of_a_tree

LONGEST = 200_000
"""Characters of a text that are looked at; no answer is longer."""
DEEPEST = 2
MOST_VIEWS = 24
MOST_PARTS = 200
FEWEST_TOKENS = 8
"""Rows of which each is read as a token."""

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝӏвкмнтАВЕКМНОРСТУХІЈЅαοριυνκτηεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‘’“”′″‐‑‒–—−×÷⁎∗＝⩵≤≥≠·‚„",
    'aeopcyxijshdqwlbkmhtABEKMHOPCTYXIJSaopiuvktneABEZHIKMNOPTYX\'\'""\'"------*/**==<>!.,"',
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)
_OVER_LETTERS = re.compile("[\u0300-\u036f\u20d0-\u20ff]")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_ESCAPES = re.compile(r"\\(?:[ntr\"']|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}[^%\n]{0,12}){3}")
_BASE64 = re.compile(r"(?<![\w+/=-])(?=[\w+/-][a-z+/_-]{0,40}[A-Z0-9=])[A-Za-z0-9+/_-]{6,}={0,2}")
_BASE32 = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{16,}={0,6}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s,:;-]{0,2}){10,}")
_BITS = re.compile(r"(?:[01]{7,8}[\s,]{1,2}){6,}[01]{7,8}|[01]{64,}")
_DECIMALS = re.compile(r"(?:\d{2,3}[\s,;.-]{1,2}){8,}\d{2,3}")
_OCTALS = re.compile(r"(?:(?:0o|\\)?[0-7]{3}[\s,;]{0,2}){8,}")
_BASE85 = re.compile(r"(?<!\S)(?=\S{0,40}[a-z])(?=\S{0,40}[0-9])(?=\S{0,60}[!#$%&*+;<=>?@^`{|}~])[!-~]{20,}(?!\S)")
_SPACED = re.compile(r"(?<!\S)(?:\S(?:[ \t\u00a0]{1,3}|[.|-])){3,}\S(?!\S)")
_COLUMN = re.compile(r"(?:^.{1,2}\n){8,}", re.MULTILINE)
_BETWEEN_ALL = re.compile(r"(?s:.([^\w\s])(?:.\1){7,}.?)")
_TOKEN_EACH = re.compile(
    r"^[ \t]*(?:\|[^|\n]{0,6})?(?:\||[-*]|\d{1,3}[.)])[ \t]*`?([^\s`|][^\n`]{0,79}?)`?[ \t]*\|?[ \t]*$", re.MULTILINE
)
_LONE_DOT = re.compile(r"(?<=\S)[ \t]+\.[ \t]+(?=[a-z_])")
_TELLING = ("return", "print", "raise", "answer", "learner")
"""Words of which every program of an exercise, or every prompt, has one: a text that has them after a shift only was
shifted."""
_LEET = re.compile(r"\b(?=\w{0,30}\d)(?=\w{0,30}[A-Za-z])\w{2,31}\b")
_LEET_DIGITS = str.maketrans("0134578", "oieastb")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_TURNED = tuple(_ALPHABET[shift:] + _ALPHABET[:shift] for shift in range(1, 26))
_SHIFTS = tuple(
    (turned, tuple(word.translate(str.maketrans(_ALPHABET, turned)) for word in _TELLING)) for turned in _TURNED
)
"""Every alphabet that is moved along, and the telling words in it."""
_ATBASH = str.maketrans(_ALPHABET + _ALPHABET.upper(), _ALPHABET[::-1] + _ALPHABET[::-1].upper())
_ROT47 = str.maketrans({chr(33 + place): chr(33 + (place + 47) % 94) for place in range(94)})
_READABLE_SHARE = 0.9


def plain(text: str) -> str:
    """Return a text with letters that look like others, invisible ones and HTML's entities made plain."""
    text = text[:LONGEST]
    if text.isascii():
        return html.unescape(text) if "&" in text else text
    hidden = "".join(chr(ord(tag) - 0xE0000) for run in _TAGS.findall(text) for tag in run)
    bare = _TAGS.sub("", _OVER_LETTERS.sub("", _INVISIBLE.sub("", text)))
    text = unicodedata.normalize("NFKC", bare).translate(_LOOKALIKES)
    return html.unescape(f"{text}\n{hidden}" if hidden else text)


def views(text: str) -> tuple[str, ...]:
    """Return what a text says: as it is, plain, and then by every way in which something readable comes out."""
    found = {plain(text): None}
    latest = list(found)
    for _ in range(DEEPEST):
        latest = [view for each in latest for view in _decoded(each) if view not in found]
        found |= dict.fromkeys(latest[: MOST_VIEWS - len(found)])
        if not latest or len(found) >= MOST_VIEWS:
            break
    return tuple(found)


def _decoded(text: str) -> Iterator[str]:
    for way in (_unescaped, _reversed, _shifted, _unspaced, _in_a_row, _unleeted, program_of_a_tree):
        if view := way(text):
            yield view
    for pattern, decode in _WAYS:
        parts = pattern.findall(text)
        read = [shown for part in parts[:MOST_PARTS] if (shown := _readable(decode, part))]
        if len(parts) > 1 and (whole := _readable(decode, "".join(parts))):
            read.append(whole)
        if read:
            yield "\n".join(read)


def _unescaped(text: str) -> str:
    if _PERCENT.search(text):
        return plain(unquote(text))
    if _ESCAPES.search(text):
        return plain(_ESCAPES.sub(_escape, text))
    return ""


def _escape(found: re.Match[str]) -> str:
    code = found[0][1:]
    if len(code) == 1:
        return {"n": "\n", "t": "\t", "r": "\n"}.get(code, code)
    number = int(code[1:], 16)
    return chr(number) if number < 0x110000 else ""


def _reversed(text: str) -> str:
    return text[::-1] if any(word[::-1] in text for word in _TELLING) else ""


def _shifted(text: str) -> str:
    """Return the text whose letters were moved along the alphabet, mirrored in it, or moved as by rot47."""
    low = text.lower()
    for turned, telling in _SHIFTS:
        if any(word in low for word in telling):
            back = str.maketrans(turned + turned.upper(), _ALPHABET + _ALPHABET.upper())
            return text.translate(back)
    for table in (_ATBASH, _ROT47):
        if any(word.translate(table) in (low if table is _ATBASH else text) for word in _TELLING):
            return text.translate(table)
    return ""


def _unspaced(text: str) -> str:
    """Return what is written with a mark or a line end between any two letters; wider gaps part words."""
    parts = [re.split(r"[ \t\u00a0]{2,}", part) for part in _SPACED.findall(text)]
    rows = [" ".join(word[::2] for word in part) for part in parts]
    columns = ["".join(line or " " for line in part.split("\n")) for part in _COLUMN.findall(text)]
    marked = [found[0][::2] for found in _BETWEEN_ALL.finditer(text)]
    return "\n".join((*rows, *columns, *marked))


def _in_a_row(text: str) -> str:
    """Return what is written token by token, in the rows of a table, in a list, or with spaces around each dot."""
    tokens = _TOKEN_EACH.findall(text)
    row = " ".join(tokens) if len(tokens) >= FEWEST_TOKENS else text if _LONE_DOT.search(text) else ""
    return _LONE_DOT.sub(".", row)


def _unleeted(text: str) -> str:
    """Return the text with letters for the digits within words, if that makes it speak of a program."""
    if not any(found[0].lower().translate(_LEET_DIGITS) in _TELLING for found in _LEET.finditer(text)):
        return ""
    return _LEET.sub(lambda found: found[0].translate(_LEET_DIGITS), text)


def _readable(decode: Callable[[str], bytes], part: str) -> str:
    """Return what comes out, if that is text; a zipped text is unzipped."""
    try:
        raw = decode(part)
        if raw[:1] == b"\x78" or raw[:2] == b"\x1f\x8b":
            raw = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw, LONGEST)
        shown = raw.decode("utf-8")
    except (ValueError, binascii.Error, zlib.error, OverflowError):
        return ""
    told = sum(character.isprintable() or character in "\n\t\r" for character in shown)
    return plain(shown) if len(shown) > 3 and told >= _READABLE_SHARE * len(shown) else ""


def _of_base64(part: str) -> bytes:
    part = part.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(part + "=" * (-len(part) % 4))


def _of_base32(part: str) -> bytes:
    part = part.rstrip("=")
    return base64.b32decode(part + "=" * (-len(part) % 8))


def _of_hex(part: str) -> bytes:
    return bytes.fromhex(re.sub(r"0x|\\x|[^0-9a-fA-F]", "", part))


def _of_bits(part: str) -> bytes:
    bits = re.split(r"[\s,]+", part.strip())
    groups = bits if len(bits) > 1 else re.findall(".{8}", part)
    return bytes(int(group, 2) for group in groups)


def _of_decimals(part: str) -> bytes:
    return bytes(map(int, re.findall(r"\d+", part)))


def _of_octals(part: str) -> bytes:
    return bytes(int(number, 8) for number in re.findall(r"[0-7]{3}", part))


_WAYS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (_BASE64, _of_base64),
    (_BASE32, _of_base32),
    (_HEX, _of_hex),
    (_BITS, _of_bits),
    (_DECIMALS, _of_decimals),
    (_OCTALS, _of_octals),
    (_BASE85, base64.b85decode),
    (_BASE85, base64.a85decode),
)
