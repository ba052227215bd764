"""What clients send is read or refused; what they are sent is the same over a socket and a stream."""

import json

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute

from functions.realtime import chat, frames, stream
from functions.realtime.cursor import Cursor
from functions.realtime.frames import Close, Frame
from functions.realtime.received import Ask, Auth, Junk, Ping, Unfit, read
from functions.shared.edge.documents import Question
from functions.shared.edge.identity import rules_of
from functions.shared.edge.problems import unavailable

HERE = Cursor(12, 7)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"type": "ping"}, Ping()),
        ({"type": "auth", "token": "t"}, Auth("t")),
        ({"type": "ask", "id": "1", "question": "Why?"}, Ask("1", Question(question="Why?"))),
        (
            {"type": "ask", "id": "1", "question": "Why?", "code": "x", "error_message": "e", "session_id": "s"},
            Ask("1", Question(question="Why?", code="x", error_message="e", session_id="s")),
        ),
    ],
)
def test_what_a_client_may_say_is_understood(frame: dict, said: object):
    assert read(json.dumps(frame)) == said


@pytest.mark.parametrize("frame", ["", "{", "null", '"ping"', "{}", '{"type": null}', '{"type": ["ask"]}', b"{}"])
def test_junk_is_junk(frame: str | bytes):
    with pytest.raises(Junk):
        read(frame)


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        ({"type": "auth"}, None),
        ({"type": "auth", "token": ""}, None),
        ({"type": "auth", "token": 5}, None),
        ({"type": "ask", "question": "Why?"}, None),
        ({"type": "ask", "id": "é", "question": "Why?"}, None),
        ({"type": "ask", "id": "1"}, "1"),
        ({"type": "ask", "id": "1", "question": ["Why?"]}, "1"),
    ],
)
def test_a_frame_with_a_wrong_field_is_told_by_the_clients_own_name_for_it(frame: dict, key: str | None):
    with pytest.raises(Unfit) as raised:
        read(json.dumps(frame))

    assert raised.value.key == key


def test_what_cannot_be_stored_is_replaced():
    asked = read('{"type": "ask", "id": "1", "question": "a\\u0000b\\ud800"}')

    assert isinstance(asked, Ask)
    assert asked.question.question == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


def test_a_frame_is_one_line_of_json_with_its_id():
    frame = frames.message("r-1", "org.learnflow.x.v1", {"text": "é\n"}, HERE)

    assert json.loads(frame.text) == {
        "type": "message",
        "id": "12.7",
        "request_id": "r-1",
        "message": {"type": "org.learnflow.x.v1", "text": "é\n"},
    }
    assert "\n" not in frame.text


def test_an_event_carries_the_frame_its_type_and_its_id():
    frame = frames.alert({"title": "x"}, HERE)

    assert frame.event.decode() == f"event: alert\ndata: {frame.text}\nid: 12.7\n\n"


def test_what_nobody_needs_to_be_complete_has_no_id():
    assert "id:" not in frames.routed("r-1", "concepts").event.decode()


def test_whoever_is_to_come_later_is_told_so_in_the_browsers_words_too():
    assert "\nretry: 2500\n" in frames.reconnect(HERE, 2500).event.decode()


def test_a_sign_of_life_is_a_comment():
    assert frames.heartbeat().event.startswith(b":")


def test_a_problem_says_when_to_try_again():
    said = json.loads(frames.problem(unavailable(), "q-1").text)

    assert (said["type"], said["id"]) == ("problem", "q-1")
    assert (said["problem"]["status"], said["problem"]["retry_after"]) == (503, 2)


@pytest.mark.parametrize(
    ("frame", "close"),
    [
        (frames.reconnect(HERE, 1), Close.COME_AGAIN),
        (frames.logged_out(HERE), Close.NOT_LOGGED_IN),
        (frames.login_soon(HERE, 1), None),
        (frames.hello("ada", HERE), None),
    ],
)
def test_the_last_frame_says_how_the_connection_ends(frame: Frame, close: Close | None):
    assert frame.close is close


@pytest.mark.parametrize("router", [chat.router, stream.router], ids=["chat", "stream"])
def test_every_route_lets_only_oneself_listen(router):
    routes = [route for route in router.routes if isinstance(route, APIRoute | APIWebSocketRoute)]

    assert routes
    assert all(rules_of(route) == {"oneself"} for route in routes)
