"""Standard: the modules that come with Python, and those that many programs install. Nothing is looked up."""

from __future__ import annotations

import sys

_OFTEN = (
    "math", "random", "string", "time", "datetime", "os", "sys", "re", "json", "itertools", "collections", "functools",
    "statistics", "turtle", "tkinter", "asyncio", "copy", "csv", "pathlib", "decimal", "typing", "dataclasses", "enum",
)  # fmt: skip
INSTALLED_AS = {
    **{name: name for name in ("numpy", "pandas", "matplotlib", "requests", "flask", "django", "scipy", "seaborn")},
    **{name: name for name in ("pygame", "sympy", "pytest", "tqdm", "torch", "tensorflow", "keras", "openpyxl")},
    **{name: name for name in ("selenium", "colorama", "rich", "pydantic", "fastapi", "sqlalchemy", "nltk", "httpx")},
    "cv2": "opencv-python", "PIL": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4", "yaml": "pyyaml",
    "dotenv": "python-dotenv", "dateutil": "python-dateutil", "serial": "pyserial", "Crypto": "pycryptodome",
    "docx": "python-docx", "skimage": "scikit-image", "jwt": "pyjwt", "MySQLdb": "mysqlclient", "attr": "attrs",
}  # fmt: skip
"""Modules that many programs install, by the name that is imported, each with the name it is installed under."""
RENAMED = {
    "Tkinter": "tkinter", "tkMessageBox": "tkinter.messagebox", "Queue": "queue", "ConfigParser": "configparser",
    "urllib2": "urllib.request", "cPickle": "pickle", "StringIO": "io", "HTMLParser": "html.parser",
    "pillow": "PIL", "Pillow": "PIL", "beautifulsoup4": "bs4", "BeautifulSoup": "bs4", "opencv": "cv2",
    "scikit_learn": "sklearn", "pyyaml": "yaml", "PyYAML": "yaml", "sqlite": "sqlite3",
    "__builtin__": "builtins", "httplib": "http.client", "urlparse": "urllib.parse", "SocketServer": "socketserver",
}  # fmt: skip
"""Modules that had another name in Python 2, and those that are not imported by the name they are installed under."""


def is_standard(module: str) -> bool:
    """Tell whether a module comes with Python."""
    return module.partition(".")[0] in sys.stdlib_module_names


def modules() -> tuple[str, ...]:
    """Return the modules that one may mean, those of Python that programs use most first."""
    public = sorted(name for name in sys.stdlib_module_names if not name.startswith("_") and name not in _OFTEN)
    return (*_OFTEN, *INSTALLED_AS, *public)
