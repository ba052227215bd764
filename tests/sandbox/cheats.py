"""Submissions that want more than they deserve, by what they try."""

RIGHT_ANSWER = '{"outcome": "ok", "value": {"kind": "int", "value": 6}}'
# What each tries on the exercise "sum of the even numbers", whose first answer is 6. None has written the sum.
CHEATS = {
    "prints a result for the sandbox": f"print('{RIGHT_ANSWER}')\ndef sum_of_evens(numbers): return None",
    "prints a grade": 'print(\'{"score": 100, "passed": true}\')\ndef sum_of_evens(numbers): return None',
    "ends before it is asked": "import sys\nsys.exit(0)",
    "ends the process with success": "import random\nrandom._os._exit(0)\ndef sum_of_evens(n): return None",
    "ends the process when called": "import random\ndef sum_of_evens(n): random._os._exit(0)",
    "writes garbage to every descriptor": """
import random
def sum_of_evens(numbers):
    for fd in range(64):
        try:
            random._os.write(fd, b'{"outcome": "ok", "value": {"kind": "any"}}')
        except OSError:
            pass
    random._os._exit(0)
""",
    "reports success without a value": """
import random
def sum_of_evens(numbers):
    for fd in range(3, 64):
        try:
            random._os.write(fd, b'{"outcome": "ok"}')
        except OSError:
            pass
    random._os._exit(0)
""",
    "patches the builtins": """
import random
b = random._os.__builtins__
b = b if isinstance(b, dict) else vars(b)
for name in ("print", "len", "sum", "repr", "sorted", "type", "isinstance", "hash", "id", "any", "all", "hex", "eval"):
    try:
        b[name] = lambda *args, **kwargs: True
        __builtins__[name] = lambda *args, **kwargs: True
    except Exception:
        pass
def sum_of_evens(numbers):
    return True
""",
    "patches the json module": """
import json
json.dumps = json.JSONEncoder.encode = lambda *args, **kwargs: '{"kind": "int", "value": true}'
def sum_of_evens(numbers):
    return None
""",
    "equals everything": """
class Any:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: hash(6)
    __repr__ = __str__ = lambda self: "6"
    __int__ = __index__ = lambda self: 6
    __class__ = int
def sum_of_evens(numbers):
    return Any()
""",
    "is an int that equals everything": """
class Any(int):
    __eq__ = lambda self, other: True
    __hash__ = int.__hash__
    __repr__ = lambda self: "6"
def sum_of_evens(numbers):
    return Any(6)
""",
    "is a text that equals everything": """
class Any(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
def sum_of_evens(numbers):
    return Any("6")
""",
    "is a list that equals everything": """
class Any(list):
    __eq__ = lambda self, other: True
def sum_of_evens(numbers):
    return Any([6])
""",
    "names its class as int names itself": """
int_ = type("int", (), {"__repr__": lambda self: "6", "__module__": "builtins"})
def sum_of_evens(numbers):
    return int_()
""",
    "looks for what is expected in the frames": """
import sys
def sum_of_evens(numbers):
    frame = sys._getframe()
    while frame:
        for names in (frame.f_locals, frame.f_globals):
            for name, value in list(names.items()):
                if "expect" in str(name) or "tests" in str(name):
                    return value
                if isinstance(value, dict) and ("expect" in value or "expected" in value):
                    return value.get("expect", value.get("expected"))
        frame = frame.f_back
    return None
""",
    "looks for what is expected in every object": """
import gc
def sum_of_evens(numbers):
    for found in gc.get_objects():
        if type(found) is dict and ("expect" in found or "expected" in found or "hidden" in found):
            return found.get("expect", found.get("expected"))
        if type(found).__name__ in ("ExerciseTest", "Exercise"):
            return found.expected
    return None
""",
    "reads the exercises from the disk": """
import pathlib
def sum_of_evens(numbers):
    for start in ("/", ".", "..", __file__):
        try:
            for found in pathlib.Path(start).rglob("exercises.yaml"):
                return found.read_text()
        except OSError:
            pass
    return None
""",
    "imports the exercises": """
def sum_of_evens(numbers):
    try:
        from functions.curriculum.reading import exercises
    except ImportError:
        return None
    return exercises("loops")[0].tests[0].expected
""",
    "reads the parent": """
import random
def sum_of_evens(numbers):
    parent = random._os.getppid()
    for name in ("environ", "cmdline", "maps", "mem", "fd"):
        try:
            return random._os.read(random._os.open(f"/proc/{parent}/{name}", 0), 9999)
        except OSError:
            pass
    return None
""",
    "returns its argument": "def sum_of_evens(numbers):\n    return numbers",
    "returns a value that raises": """
class Trap:
    def __getattribute__(self, name): raise SystemExit(0)
    def __repr__(self): raise SystemExit(0)
def sum_of_evens(numbers):
    return Trap()
""",
    "leaves in the middle with success": "def sum_of_evens(numbers):\n    raise SystemExit(0)",
    "returns something huge": "def sum_of_evens(numbers):\n    return [6] * 100_000",
    "returns something deep": """
def sum_of_evens(numbers):
    value = []
    for _ in range(31):
        value = {0: value}
    return value
""",
    "returns something that holds itself": "def sum_of_evens(numbers):\n    n = []\n    n.append(n)\n    return n",
    "prints without an end": "def sum_of_evens(numbers):\n    while True: print(6)",
    "prints much and ends well": "def sum_of_evens(numbers):\n    print('6' * 50_000)",
    "loops without an end": "def sum_of_evens(numbers):\n    while True: pass",
    "always raises": "def sum_of_evens(numbers):\n    raise ValueError",
    "replaces its caller when the program ends": """
import atexit, random
def last():
    for fd in range(3, 64):
        try:
            random._os.write(fd, b'{"outcome": "ok", "value": {"kind": "any"}}')
        except OSError:
            pass
atexit.register(last)
def sum_of_evens(numbers):
    return None
""",
}
