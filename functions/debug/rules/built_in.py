"""Built in: what kinds of values Python's own functions and methods give."""

from __future__ import annotations

OF_CALL = {
    **{name: name for name in ("str", "int", "float", "bool", "list", "dict", "set", "tuple", "range", "frozenset")},
    **{name: name for name in ("bytes", "bytearray", "complex", "enumerate", "zip", "map", "filter", "reversed")},
    **dict.fromkeys(("input", "chr", "repr", "format", "hex", "bin", "oct", "ascii"), "str"),
    **dict.fromkeys(("len", "ord", "id", "hash"), "int"),
    **dict.fromkeys(("isinstance", "issubclass", "callable", "any", "all", "hasattr"), "bool"),
    "print": "NoneType", "sorted": "list", "open": "TextIOWrapper",
}  # fmt: skip
"""The kind of what a built-in function gives."""
OF_METHOD: dict[str, dict[str, str]] = {
    "str": {
        **dict.fromkeys(("strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "replace"), "str"),
        **dict.fromkeys(("join", "format", "center", "ljust", "rjust", "zfill", "swapcase", "casefold"), "str"),
        **dict.fromkeys(("split", "splitlines", "rsplit"), "list"),
        **dict.fromkeys(("find", "index", "count", "rfind"), "int"),
        **dict.fromkeys(("startswith", "endswith", "isdigit", "isalpha", "isnumeric", "isupper", "islower"), "bool"),
        "encode": "bytes",
    },
    "list": {
        **dict.fromkeys(("append", "sort", "reverse", "extend", "insert", "remove", "clear"), "NoneType"),
        "copy": "list", "index": "int", "count": "int",
    },
    "dict": {
        "keys": "dict_keys", "values": "dict_values", "items": "dict_items", "copy": "dict",
        **dict.fromkeys(("update", "clear"), "NoneType"),
    },
    "set": {
        **dict.fromkeys(("add", "remove", "discard", "update", "clear"), "NoneType"),
        **dict.fromkeys(("union", "intersection", "difference", "copy"), "set"),
    },
    "TextIOWrapper": {"read": "str", "readline": "str", "readlines": "list", "write": "int", "close": "NoneType"},
}  # fmt: skip
"""The kind of what a method gives, by the kind of its object."""
OF_RANDOM = {"randint": "int", "randrange": "int", "random": "float", "uniform": "float", "shuffle": "NoneType"}
"""The kind of what the functions of `random` give."""
