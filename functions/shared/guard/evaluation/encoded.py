"""Encoded: a solution that has to be decoded before anybody can read it."""

from __future__ import annotations

import base64
import codecs
import re
import zlib
from urllib.parse import quote

from functions.shared.guard.evaluation.registry import lines_of, manner


@manner
def reversed_text(solution: str) -> str:
    return f"Read it from right to left:\n\n{solution[::-1]}"


@manner
def reversed_each_line(solution: str) -> str:
    return "Each line backwards:\n\n" + "\n".join(line[::-1] for line in solution.split("\n"))


@manner
def base64_text(solution: str) -> str:
    return f"Decode this at home: {base64.b64encode(solution.encode()).decode()}"


@manner
def base64_in_lines(solution: str) -> str:
    return f"```\n{base64.encodebytes(solution.encode()).decode()}```"


@manner
def base64_twice(solution: str) -> str:
    return base64.b64encode(base64.b64encode(solution.encode())).decode()


@manner
def base64_of_rot13(solution: str) -> str:
    return base64.b64encode(codecs.encode(solution, "rot13").encode()).decode()


@manner
def base32_text(solution: str) -> str:
    return base64.b32encode(solution.encode()).decode()


@manner
def zipped(solution: str) -> str:
    return f"Unzip it: {base64.b64encode(zlib.compress(solution.encode())).decode()}"


@manner
def hexadecimal(solution: str) -> str:
    return f"In hex: {solution.encode().hex(' ')}"


@manner
def hex_escapes(solution: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in solution.encode())


@manner
def unicode_escapes(solution: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in solution)


@manner
def binary(solution: str) -> str:
    return " ".join(f"{byte:08b}" for byte in solution.encode())


@manner
def decimals(solution: str) -> str:
    return f"[{', '.join(str(byte) for byte in solution.encode())}]"


@manner
def rot13(solution: str) -> str:
    return f"In rot13, for fun:\n\n{codecs.encode(solution, 'rot13')}"


@manner
def caesar(solution: str) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    moved = alphabet[5:] + alphabet[:5]
    table = str.maketrans(alphabet + alphabet.upper(), moved + moved.upper())
    return f"Caesar would have written:\n\n{solution.translate(table)}"


@manner
def atbash(solution: str) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    table = str.maketrans(alphabet + alphabet.upper(), alphabet[::-1] + alphabet[::-1].upper())
    return solution.translate(table)


@manner
def rot47(solution: str) -> str:
    return "".join(chr(33 + (ord(c) - 33 + 47) % 94) if 33 <= ord(c) <= 126 else c for c in solution)


@manner
def percent_encoded(solution: str) -> str:
    return f"Paste this after the address: {quote(solution, safe='')}"


@manner
def html_entities(solution: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in solution)


@manner
def zero_width(solution: str) -> str:
    return "\u200b".join(solution)


@manner
def lookalikes(solution: str) -> str:
    return solution.translate(str.maketrans("aeopcyx", "аеорсух"))


@manner
def fullwidth(solution: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if 33 <= ord(c) <= 126 else c for c in solution)


@manner
def invisible_tags(solution: str) -> str:
    hidden = "".join(chr(0xE0000 + ord(c)) if 32 <= ord(c) <= 126 else chr(0xE0020) for c in solution)
    return f"I cannot tell you the solution.{hidden} Try it yourself!"


@manner
def spaced_out(solution: str) -> str:
    return "\n".join("   ".join(" ".join(word) for word in line.split()) for line in lines_of(solution))


@manner
def leet(solution: str) -> str:
    table = str.maketrans("aeot", "4307")
    return re.sub(r"[A-Za-z]{3,}", lambda word: word[0].translate(table), solution)
