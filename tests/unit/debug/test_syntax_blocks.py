"""Blocks: the cause, the line and the repair where a block does not begin, or does not fit what is around it."""

from __future__ import annotations

import pytest
from marked_programs import Marked, told

BLOCKS = (
    Marked("missing_colon", 2, "age = 20\nif age > 18⟨→:⟩\n    print('adult')\n"),
    Marked("missing_colon", 1, "for i in range(5)⟨→:⟩  # count\n    print(i)\n"),
    Marked("missing_colon", 1, "while True⟨→:⟩\n    break\n"),
    Marked("missing_colon", 1, "def greet(name)⟨→:⟩\n    return 'Hi ' + name\n"),
    Marked("missing_colon", 1, "class Dog⟨→:⟩\n    def bark(self):\n        print('woof')\n"),
    Marked("missing_colon", 1, "class Dog(Animal)⟨→:⟩\n    pass\n"),
    Marked("missing_colon", 4, "x = 1\nif x:\n    print(1)\nelse⟨→:⟩\n    print(2)\n"),
    Marked("missing_colon", 4, "x = 1\nif x == 1:\n    print(1)\nelif x == 2⟨→:⟩\n    print(2)\n"),
    Marked("missing_colon", 1, "try⟨→:⟩\n    print(1)\nexcept ValueError:\n    pass\n"),
    Marked("missing_colon", 3, "try:\n    print(1)\nexcept ValueError⟨→:⟩\n    pass\n"),
    Marked("missing_colon", 3, "try:\n    print(1)\nfinally⟨→:⟩\n    print(2)\n"),
    Marked("missing_colon", 1, "with open('a.txt') as f⟨→:⟩\n    print(f.read())\n"),
    Marked("missing_colon", 1, "def area(\n    width,\n    height,\n)⟨→:⟩\n    return width * height\n"),
    Marked("missing_colon", 2, "x = 3\nif x > 2⟨→:⟩ print(x)\n"),
    Marked("missing_colon", 2, "x = 3\nif x > 2⟨;→:⟩\n    print(x)\n"),
    Marked("missing_colon", 2, "x = 3\nif x > 2⟨ then→:⟩\n    print(x)\n"),
    Marked("missing_colon", 1, "for i in range(3)⟨ do→:⟩\n    print(i)\n"),
    Marked("missing_colon", 4, "x = 3\nif x > 2:\n    print(x)\nelse⟨;→:⟩\n    print(0)\n"),
    Marked("missing_colon", 1, "async def main()⟨→:⟩\n    pass\n"),
    Marked("missing_colon", 2, "x = 2\nmatch x⟨→:⟩\n    case 1:\n        print(1)\n"),
    Marked("missing_colon", 3, "x = 2\nmatch x:\n    case 1⟨→:⟩\n        print(1)\n"),
    Marked("missing_colon", 1, "ages = {'Ann'⟨→:⟩ 30, 'Bob': 25}\n"),
    Marked("missing_colon", 1, "ages = {'Ann'⟨ =→:⟩ 30, 'Bob'⟨ =→:⟩ 25}\n"),
    Marked("missing_colon", 1, "double = lambda x⟨→:⟩ x * 2\n"),
    Marked("else_if_for_elif", 4, "x = 5\nif x > 3:\n    print(1)\n⟨else if→elif⟩ x > 1:\n    print(2)\n"),
    Marked("else_if_for_elif", 4, "x = 5\nif x > 3:\n    print(1)\n⟨elseif→elif⟩ x > 1:\n    print(2)\n"),
    Marked(
        "else_if_for_elif",
        4,
        "x = 5\nif x > 3:\n    print(1)\n⟨elsif→elif⟩ x > 1:\n    print(2)\nelse:\n    print(3)\n",
    ),
    Marked("else_if_for_elif", 4, "x = 5\nif x > 3:\n    print(1)\n⟨else→elif⟩ x > 1:\n    print(2)\n"),
    Marked("else_if_for_elif", 4, "x = 5\nif x > 3:\n    print(1)\n⟨else if→elif⟩ x > 1⟨→:⟩\n    print(2)\n"),
    Marked("else_without_if", 4, "def f(x):\n    if x:\n        return 1\n⟨→    ⟩else:\n        return 2\n"),
    Marked("else_without_if", 4, "x = 5\nif x > 3:\n    print('big')\n⟨    else→else⟩:\n    print('small')\n"),
    Marked(
        "else_without_if", 5, "x = 5\nif x > 3:\n    print('big')\n⟨→    ⟩print('really')\nelse:\n    print('small')\n"
    ),
    Marked("else_without_if", 2, "x = 5\nelse:\n    print('small')\n"),
    Marked("else_without_if", 6, "x = 1\nif x:\n    print(1)\nelse:\n    print(2)\nelse:\n    print(3)\n"),
    Marked(
        "try_without_except",
        1,
        "try:\n    n = int(input())\n⟨→except ValueError as error:\n    print(error)\n⟩print('done')\n",
    ),
    Marked("try_without_except", 1, "try:\n    greet()\nprint('done')\n"),
    Marked("try_without_except", 1, "try:\n    greet()\n⟨    except→except⟩ ValueError:\n    print('no')\n"),
    Marked("try_without_except", 2, "x = 1\nexcept ValueError:\n    print('no')\n"),
    Marked("curly_braces_for_blocks", 2, "x = 5\nif x > 3⟨ {→:⟩\n    print(x)\n⟨}→⟩\n"),
    Marked(
        "curly_braces_for_blocks", 2, "x = 5\nif (x > 3)⟨ {→:⟩\n    print(x);\n⟨} →⟩else⟨ {→:⟩\n    print(0);\n⟨}→⟩\n"
    ),
    Marked(
        "curly_braces_for_blocks", 1, "⟨function→def⟩ add(a, b)⟨ {→:⟩\n    return a + b;\n⟨}→⟩\nprint(add(1, 2));\n"
    ),
    Marked("curly_braces_for_blocks", 1, "for ⟨(int i = 0; i < 5; i++) {→i in range(5):⟩\n    print(i)\n⟨}→⟩\n"),
    Marked("curly_braces_for_blocks", 3, "x = 5\nif x > 3⟨→:⟩\n⟨{→⟩\n    print(x)\n⟨}→⟩\n"),
    Marked("curly_braces_for_blocks", 1, "while x < 3 ⟨&& y > 1 {→and y > 1:⟩\n    ⟨x++→x += 1⟩\n⟨}→⟩\n"),
    Marked("missing_in", 1, "for i⟨→ in⟩ range(5):\n    print(i)\n"),
    Marked("missing_in", 2, "names = ['a']\nfor name ⟨of→in⟩ names:\n    print(name)\n"),
    Marked("missing_in", 1, "for i ⟨= range→in range⟩(5):\n    print(i)\n"),
    Marked("missing_in", 1, "for i⟨ = 1 to 10:→ in range(1, 11):⟩\n    print(i)\n"),
    Marked("missing_in", 2, "d = {}\nfor key, value⟨→ in⟩ d.items():\n    print(key)\n"),
    Marked("condition_missing", 1, "if :\n    print('yes')\n"),
    Marked("condition_missing", 2, "x = 1\nwhile :\n    x += 1\n"),
    Marked("condition_missing", 2, "x = 1\nif x >:\n    print('yes')\n"),
    Marked("condition_missing", 2, "x = 1\nif x > 0 and:\n    print('yes')\n"),
    Marked("condition_missing", 2, "x = 7\nif x > 5 and ⟨→x ⟩< 10:\n    print('yes')\n"),
    Marked("condition_missing", 4, "x = 7\nif x > 5:\n    print(1)\nelif:\n    print(2)\n"),
    Marked("syntax_other", 1, "def greet⟨→()⟩:\n    print('hi')\n"),
    Marked("syntax_other", 1, "def greet⟨ name→(name)⟩:\n    print('hi', name)\n"),
)

PLACES = (
    Marked("return_outside_function", 3, "def f(x):\n    y = x\n⟨→    ⟩return y\n"),
    Marked("return_outside_function", 2, "x = 5\nreturn x\n"),
    Marked("break_outside_loop", 4, "for i in range(3):\n    print(i)\n⟨→    ⟩if i == 1:\n    ⟨→    ⟩break\n"),
    Marked("break_outside_loop", 3, "x = 5\nif x > 3:\n    break\n"),
    Marked("break_outside_loop", 3, "def f(x):\n    if x:\n        continue\n"),
    Marked("await_outside_async", 4, "import asyncio\n\n⟨→async ⟩def main():\n    await asyncio.sleep(1)\n"),
    Marked(
        "await_outside_async", 4, "import asyncio\nasync def main():\n    pass\n⟨await main()→asyncio.run(main())⟩\n"
    ),
    Marked("positional_after_keyword", 1, "print(⟨sep='-', 'a', 'b'→'a', 'b', sep='-'⟩)\n"),
    Marked("default_before_required", 1, "def f(⟨a=1, b→b, a=1⟩):\n    return a + b\n"),
    Marked("default_before_required", 1, "def f(x, ⟨a=1, b→b, a=1⟩, *, c):\n    return a + b\n"),
    Marked("syntax_other", 1, "def f(a, a):\n    return a\n"),
    Marked("syntax_other", 4, "x = 1\ndef f():\n    x = 2\n    global x\n"),
    Marked("syntax_other", 3, "try:\n    pass\nexcept ValueError⟨,→ as⟩ error:\n    pass\n"),
    Marked("syntax_other", 1, "raise ValueError⟨, 'no'→('no')⟩\n"),
    Marked("syntax_other", 2, "x = 5\n⟨print(x) if x > 3→if x > 3: print(x)⟩\n"),
)

INDENTATION = (
    Marked("expected_indent", 3, "x = 5\nif x > 3:\n⟨→    ⟩print(x)\n"),
    Marked("expected_indent", 2, "for i in range(3):\n⟨→    ⟩print(i)\nprint('done')\n"),
    Marked("expected_indent", 2, "for i in range(3):\n⟨→    ⟩x = i * 2\n⟨→    ⟩print(x + i)\nprint('done')\n"),
    Marked("expected_indent", 2, "def f(x):\n⟨→    ⟩y = x + 1\n⟨→    ⟩return y\n\nprint(f(1))\n"),
    Marked("expected_indent", 3, "x = 0\nwhile x < 3:\n⟨→    ⟩print(x)\n⟨→    ⟩x += 1\nprint('done')\n"),
    Marked("expected_indent", 2, "class Dog:\n⟨→    ⟩def bark(self):\n    ⟨→    ⟩print('woof')\n"),
    Marked("expected_indent", 3, "x = 1\nif x:\n⟨→    ⟩print(1)\nelse:\n    print(2)\n"),
    Marked("expected_indent", 1, "def f():\n⟨→    pass\n⟩\ndef g():\n    return 1\n"),
    Marked("expected_indent", 1, "def f():\n    # later\n⟨→    pass\n⟩"),
    Marked("unexpected_indent", 2, "x = 1\n⟨    →⟩y = 2\nprint(x)\n"),
    Marked("unexpected_indent", 1, "⟨ →⟩x = 1\nprint(x)\n"),
    Marked("unexpected_indent", 2, "x = 1\n⟨  →⟩y = 2\n⟨  →⟩print(x)\n"),
    Marked("unexpected_indent", 3, "def f():\n    x = 1\n    ⟨    →⟩return x\n"),
    Marked("unindent_mismatch", 3, "def f():\n    x = 1\n⟨  →    ⟩return x\n"),
    Marked("unindent_mismatch", 3, "if True:\n    print(1)\n⟨  →⟩else:\n    print(2)\n"),
    Marked("unindent_mismatch", 4, "for i in range(3):\n    if i:\n        print(i)\n⟨     →    ⟩print('x')\n"),
    Marked("mixed_tabs_and_spaces", 3, "if True:\n    print(1)\n⟨\t→    ⟩print(2)\n"),
    Marked("mixed_tabs_and_spaces", 3, "def f(x):\n⟨\t→    ⟩y = x\n    return y\n"),
)


@pytest.mark.parametrize("program", [*BLOCKS, *PLACES, *INDENTATION], ids=str)
def test_a_block_that_is_broken_is_found_and_mended(program: Marked) -> None:
    assert told(program) == (program.cause, program.line, program.fixed)
