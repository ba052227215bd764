"""Keys: the cause, the line and the correction of programs that ask for a key that is not there."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken

PROGRAMS = [
    Broken("misspelt_key", 2, 'ages = {"Ada": 36, "Bob": 4}\nprint(ages["ada"])\n', "36\n"),
    Broken("misspelt_key", 2, "person = {'name': 'Ada', 'colour': 'red'}\nprint(person['color'])\n", "red\n"),
    Broken("misspelt_key", 3, "prices = {'apple': 2, 'pear': 3}\nwanted = 'appel'\nprint(prices[wanted])\n", "2\n"),
    Broken("misspelt_key", 2, "people = [{'name': 'Ada', 'age': 3}]\nfor one in people: print(one['nmae'])\n", "Ada\n"),
    Broken("key_of_wrong_type", 2, "rooms = {1: 'hall', 2: 'bath'}\nprint(rooms['1'])\n", "hall\n"),
    Broken(
        "key_of_wrong_type", 3, "rooms = {1: 'hall', 2: 'bath'}\nn = input()\nprint(rooms[n])\n", "bath\n", stdin="2\n"
    ),
    Broken("key_of_wrong_type", 2, "codes = {'7': 'x'}\nprint(codes[7])\n", "x\n"),
    Broken("key_of_wrong_type", 2, "ages = {'Ada': 36}\nprint(ages[0])\n"),
    Broken("missing_key", 2, "ages = {'Ada': 36}\nprint(ages['Zoe'])\n"),
    Broken(
        "missing_key",
        3,
        "counts = {}\nfor letter in 'tea':\n    counts[letter] += 1\nprint(counts)\n",
        "{'t': 1, 'e': 1, 'a': 1}\n",
    ),
    Broken(
        "missing_key",
        3,
        "counts = {}\nfor word in ['a', 'b', 'a']:\n    counts[word] = counts[word] + 1\nprint(counts)\n",
        "{'a': 2, 'b': 1}\n",
    ),
    Broken(
        "missing_key",
        3,
        "groups = {}\nfor name in ['Al', 'Ann', 'Bo']:\n    groups[name[0]].append(name)\nprint(groups)\n",
        "{'A': ['Al', 'Ann'], 'B': ['Bo']}\n",
    ),
    Broken(
        "missing_key", 3, "seen = {}\nfor n in [1, 2]:\n    seen[n % 2].add(n)\nprint(seen)\n", "{1: {1}, 0: {2}}\n"
    ),
    Broken("missing_key", 2, "ages = {'Ada': 36}\nages.pop('Zoe')\nprint(ages)\n", "{'Ada': 36}\n"),
    Broken("missing_key", 2, "numbers = {1, 2}\nnumbers.remove(3)\nprint(numbers)\n", "{1, 2}\n"),
    Broken("missing_key", 2, "import os\nprint(os.environ['NO_SUCH_SETTING'])\n"),
    Broken("missing_key", 3, "stock = {'tea': 3}\nname = 'ink'\ndel stock[name]\nprint(stock)\n", "{'tea': 3}\n"),
    Broken("pop_from_empty", 2, "bag = set()\nprint(bag.pop())\n"),
    Broken("pop_from_empty", 2, "d = {}\nprint(d.popitem())\n"),
    Broken("misspelt_key", 2, "ages = dict(ada=36, bob=4)\nprint(ages['Ada'])\n", "36\n"),
    Broken("misspelt_key", 3, "d = {}\nd['total'] = 4\nprint(d['totle'])\n", "4\n"),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_key_that_is_not_there_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


@pytest.mark.parametrize("message", ["'name'", "3", "('a', 1)", "'pandas `column`'", "", "Decimal('3')"])
def test_the_message_alone_names_the_key_and_claims_no_more(message):
    assert cause_of_message("KeyError", message) == "missing_key"
