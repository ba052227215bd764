"""Other words: what methods of other languages, or of other types, are called with the built-in types here.

A way is a template: `{x}` is the value before the dot, `{a}` what stands in the brackets, `{a0}` and `{a1}` its first
and second argument. A way that begins with a dot is another method with the same arguments; `…=` stands by itself as
a statement; an empty one says that the value is of the wrong type altogether.
"""

from __future__ import annotations

_LENGTH = dict.fromkeys(("length", "len", "size", "Length", "lenght", "count_items", "getLength"), "len({x})")
_IN = dict.fromkeys(("contains", "includes", "has", "Contains", "include"), "{a0} in {x}")
_SUMS = {name: f"{name}({{x}})" for name in ("sum", "max", "min", "sorted", "any", "all", "enumerate")}
WAYS: dict[str, dict[str, str]] = {
    "list": {
        **_LENGTH, **_IN, **_SUMS,
        **dict.fromkeys(("push", "add", "Add", "push_back", "append_item", "addItem", "put", "pushBack"), ".append"),
        **dict.fromkeys(("concat", "addAll", "extendAll", "update", "AddRange"), ".extend"),
        **dict.fromkeys(("delete", "discard", "del", "Remove"), ".remove"),
        **dict.fromkeys(("indexOf", "find", "IndexOf", "search"), ".index"),
        "shift": "{x}.pop(0)", "unshift": "{x}.insert(0, {a0})", "prepend": "{x}.insert(0, {a0})",
        "removeAt": ".pop", "join": "{a0}.join({x})", "reversed": "{x}[::-1]", "get": "{x}[{a0}]",
        "isEmpty": "not {x}", "is_empty": "not {x}", "empty": "not {x}", "average": "sum({x}) / len({x})",
        "mean": "sum({x}) / len({x})", "clone": ".copy", "shuffle": "", "sorting": ".sort",
    },
    "str": {
        **_LENGTH, **_IN,
        **dict.fromkeys(("toUpperCase", "uppercase", "toUpper", "ToUpper", "upperCase", "to_upper"), ".upper"),
        **dict.fromkeys(("toLowerCase", "lowercase", "toLower", "ToLower", "lowerCase", "to_lower"), ".lower"),
        **dict.fromkeys(("trim", "Trim", "chomp", "clean"), ".strip"),
        **dict.fromkeys(("replaceAll", "substitute", "sub", "gsub"), ".replace"),
        **dict.fromkeys(("isNumeric", "isNumber", "is_digit", "isNum", "is_numeric", "isint", "isnumber"), ".isdigit"),
        **dict.fromkeys(("indexOf", "search"), ".find"),
        **dict.fromkeys(("append", "add", "push", "concat", "extend"), "{x} += {a0}…="),
        "substring": "{x}[{a0}:{a1}]", "substr": "{x}[{a0}:{a1}]", "slice": "{x}[{a0}:{a1}]", "charAt": "{x}[{a0}]",
        "reverse": "{x}[::-1]", "reversed": "{x}[::-1]", "sort": "sorted({x})", "remove": '{x}.replace({a0}, "")',
        "sorted": "sorted({x})", "get": "{x}[{a0}]", "toString": "{x}", "isEmpty": "not {x}", "is_empty": "not {x}",
    },
    "dict": {
        **_LENGTH, **_IN,
        **dict.fromkeys(("has_key", "containsKey", "hasKey", "has_keys"), "{a0} in {x}"),
        **dict.fromkeys(("iteritems", "entries", "items_list", "getItems"), ".items"),
        **dict.fromkeys(("iterkeys", "getKeys", "keySet"), ".keys"),
        **dict.fromkeys(("itervalues", "getValues"), ".values"),
        **dict.fromkeys(("remove", "delete", "discard", "removeKey"), ".pop"),
        **dict.fromkeys(("put", "set", "add", "insert"), "{x}[{a0}] = {a1}…="),
        "append": "", "sort": "sorted({x})", "index": "", "containsValue": "{a0} in {x}.values()", "addAll": ".update",
    },
    "set": {
        **_LENGTH, **_IN,
        **dict.fromkeys(("append", "push", "insert", "put"), ".add"),
        **dict.fromkeys(("extend", "addAll"), ".update"),
        **dict.fromkeys(("delete",), ".remove"),
        "sort": "sorted({x})", "intersect": ".intersection", "index": "",
    },
    "tuple": {
        **_LENGTH, **_IN, **_SUMS,
        "append": "", "add": "", "remove": "", "sort": "sorted({x})", "pop": "", "insert": "", "extend": "",
        "reverse": "{x}[::-1]",
    },
    "int": {"round": "round({x}, {a})", "toString": "str({x})", "sqrt": "{x} ** 0.5", "abs": "abs({x})",
            "length": "len(str({x}))", "len": "len(str({x}))", "pow": "{x} ** {a0}"},
    "float": {"round": "round({x}, {a})", "toString": "str({x})", "sqrt": "{x} ** 0.5", "abs": "abs({x})",
              "toFixed": "round({x}, {a})", "pow": "{x} ** {a0}"},
    "TextIOWrapper": {"readLine": ".readline", "readAll": ".read", "println": ".write", "print": ".write",
                      "split": "{x}.read().split({a})", "strip": "{x}.read().strip()"},
}  # fmt: skip
