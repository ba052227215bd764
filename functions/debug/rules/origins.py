"""Origins: which module a well-known name comes from, and what words of other languages are called in Python."""

from __future__ import annotations

import sys

_FROM = {
    "random": "randint randrange choice choices shuffle sample uniform gauss",
    "math": "sqrt ceil floor pi tau inf sin cos tan asin acos atan atan2 log log2 log10 exp factorial gcd lcm radians"
    " degrees hypot isclose prod comb isqrt fabs trunc",
    "time": "sleep perf_counter monotonic strftime localtime",
    "datetime": "datetime timedelta timezone",
    "collections": "Counter defaultdict deque namedtuple OrderedDict ChainMap",
    "pathlib": "Path",
    "functools": "reduce lru_cache wraps partial cached_property cmp_to_key cache total_ordering",
    "itertools": "permutations combinations product chain cycle accumulate groupby zip_longest islice pairwise",
    "dataclasses": "dataclass asdict",
    "enum": "Enum IntEnum",
    "abc": "ABC abstractmethod ABCMeta",
    "typing": "List Dict Optional Tuple Union Any Callable Set Iterable Iterator Sequence TypeVar Protocol NamedTuple",
    "copy": "deepcopy",
    "statistics": "mean median mode stdev pstdev variance",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "string": "ascii_lowercase ascii_uppercase ascii_letters digits punctuation",
    "io": "StringIO BytesIO",
    "os": "getcwd listdir getenv",
    "operator": "itemgetter attrgetter",
    "threading": "Thread Lock",
    "contextlib": "contextmanager suppress",
    "heapq": "heappush heappop heapify nlargest nsmallest",
    "bisect": "bisect_left bisect_right insort",
    "urllib.request": "urlopen",
    "pprint": "pprint",
    "timeit": "timeit",
    "getpass": "getpass",
}
FROM = {name: module for module, names in _FROM.items() for name in names.split()}
"""The module of names that programs usually import with `from … import …`."""

ALIASES = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "dt": "import datetime as dt",
    "tk": "import tkinter as tk",
    "ET": "import xml.etree.ElementTree as ET",
}
"""What the usual short names of modules stand for."""

MODULES = sys.stdlib_module_names | {"numpy", "pandas", "requests", "pygame", "matplotlib", "flask", "yaml"}
_ALSO_WORDS = {
    "string": "ascii_lowercase ascii_uppercase ascii_letters digits punctuation capwords whitespace hexdigits",
    "time": "sleep time perf_counter monotonic strftime localtime ctime time_ns gmtime",
    "copy": "copy deepcopy",
    "queue": "Queue LifoQueue PriorityQueue",
    "array": "array",
    "calendar": "month monthrange isleap calendar month_name day_name",
    "io": "StringIO BytesIO open",
    "operator": "itemgetter attrgetter add mul sub",
    "enum": "Enum IntEnum auto",
    "statistics": "mean median mode stdev pstdev variance fmean",
    "secrets": "token_hex choice randbelow token_urlsafe",
    "platform": "system platform node release python_version",
    "datetime": "datetime date time timedelta now today strptime timezone",
    "types": "SimpleNamespace",
    "keyword": "iskeyword kwlist",
    "code": "", "email": "", "token": "", "test": "", "this": "", "numbers": "", "select": "", "site": "", "symbol": "",
    "profile": "", "parser": "", "message": "", "cmd": "", "stat": "", "signal": "", "resource": "", "tokenize": "",
    "filecmp": "", "graph": "", "formatter": "", "imp": "", "chunk": "", "wave": "", "trace": "",
}  # fmt: skip
"""Modules whose names are words that learners give to values, with the attributes that tell that it is the module."""

FOREIGN_CALLS = {
    **dict.fromkeys(("println", "printf", "echo", "puts", "cout", "write", "writeln", "display"), "print"),
    **dict.fromkeys(("raw_input", "scanf", "readline", "prompt"), "input"),
    **dict.fromkeys(("length", "lenght", "strlen", "sizeof", "size"), "len"),
    **dict.fromkeys(("string", "String", "toString", "to_string", "unicode"), "str"),
    **dict.fromkeys(("integer", "Integer", "parseInt", "Number", "number", "to_int"), "int"),
    **dict.fromkeys(("parseFloat", "double", "decimal", "real"), "float"),
    **dict.fromkeys(("boolean", "Boolean"), "bool"),
    **dict.fromkeys(("dictionary", "Dictionary"), "dict"),
    "xrange": "range", "char": "chr", "asc": "ord", "maximum": "max", "minimum": "min", "absolute": "abs",
    "typeof": "type", "array": "list", "Array": "list",
}  # fmt: skip
"""What functions of other languages, or of Python 2, are called here."""

PLAIN_WORDS = {
    "write", "display", "readline", "prompt", "length", "size", "string", "integer", "number", "decimal", "real",
    "double", "boolean", "dictionary", "char", "maximum", "minimum", "absolute", "array",
}  # fmt: skip
"""Those of them that may as well be what a learner calls a value."""

FOREIGN_VALUES = {
    **dict.fromkeys(("null", "nil", "NULL", "Null", "undefined", "nothing"), "None"),
    "_name_": "__name__", "__name": "__name__", "name__": "__name__", "__Name__": "__name__",
    "_file_": "__file__",
}  # fmt: skip
"""What values of other languages are called here."""

KEYWORDS_ALONE = ("break", "continue", "pass", "return")
"""Keywords that are a statement by themselves: misspelt, they are read as names."""


def is_module(name: str, attribute: str) -> bool:
    """Tell whether a name that is followed by `.attribute` stands for a module of Python's own, or a well-known one."""
    if name not in MODULES or name.startswith("_"):
        return False
    return name not in _ALSO_WORDS or attribute in _ALSO_WORDS[name].split()
