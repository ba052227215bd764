"""Whatever a producer sends, in whatever mode, it becomes an event that can be stored and carried on, or is refused."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.shared.contracts import SCHEMAS
from functions.shared.envelope import PLAIN_RECORD, as_received, decode, reply_to, to_json
from functions.shared.errors import MalformedEvent, RejectedEvent
from functions.shared.events import MAX_HOPS, PAYLOADS, PLAIN_RECORDS, RequestFailed
from functions.shared.payload import Anything
from functions.shared.testing import NOON

TYPES = [*sorted(PAYLOADS), PLAIN_RECORD, "org.example.other.v1", ""]
SOURCES = [
    "/learnflow/gateway",
    "/learnflow/triage",
    *(f"/apis/v1/namespaces/learnflow/kafkasources/x#{topic}" for topic in sorted(PLAIN_RECORDS)),
    "",
    "#",
    "a" * 600,
]
TIMES = ["2026-03-20T12:00:00Z", "2026-03-20", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "never", ""]
WORDS = st.text(max_size=40) | st.sampled_from(["\x00", "\ud800", "a" * 70, "ada", "0", "-1", "1e9", "17", "٣"])
ATTRIBUTES = st.fixed_dictionaries(
    {
        "specversion": st.sampled_from(["1.0", "1.0", "0.3", "2", ""]),
        "id": WORDS,
        "source": st.sampled_from(SOURCES) | WORDS,
    },
    optional={
        "type": st.sampled_from(TYPES) | WORDS,
        "time": st.sampled_from(TIMES) | WORDS,
        "subject": WORDS,
        "partitionkey": WORDS,
        "correlationid": WORDS,
        "hops": WORDS,
        "traceparent": WORDS,
        "ingress": WORDS,
        "dataschema": WORDS,
        "datacontenttype": st.sampled_from(["application/json", "text/plain", ""]),
    },
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({field for payload in PAYLOADS.values() for field in payload.model_fields} | {"student_id", "user_id"})
BODIES = (
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6).map(lambda value: json.dumps(value).encode())
)
EXAMPLES = [json.loads(file.read_text()) for file in sorted((SCHEMAS / "examples").glob("*/*.json"))]
ACCEPTED = [PAYLOADS, {Anything.TYPE: Anything}]


def understood(headers, body, accepts):
    """Return the event, None if it is refused; anything else that happens is a bug."""
    try:
        event = decode(headers, body, accepts)
    except (MalformedEvent, RejectedEvent):
        return None
    assert all("\x00" not in text for text in (event.id, event.source, event.type, event.correlation_id))
    json.dumps(as_received(event)).encode()
    if accepts is PAYLOADS:
        assert event.learner is not None
        assert 0 <= event.hops <= MAX_HOPS
        answer = to_json(reply_to(event, RequestFailed(function="triage", message="no"), function="x", now=NOON))
        assert answer["subject"] == event.learner
    return event


@settings(max_examples=400, deadline=None)
@given(ATTRIBUTES, BODIES, st.sampled_from(["application/json", "text/plain", "", "application/json; charset=x"]))
def test_binary_mode(attributes, body, content_type):
    headers = {f"ce-{name}": value for name, value in attributes.items()} | {"content-type": content_type}

    for accepts in ACCEPTED:
        understood(headers, body, accepts)


@settings(max_examples=400, deadline=None)
@given(ATTRIBUTES, VALUES | st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6), st.booleans())
def test_structured_mode(attributes, data, encoded):
    document = {**attributes, ("data_base64" if encoded else "data"): data}
    headers = {"content-type": "application/cloudevents+json"}

    for accepts in ACCEPTED:
        understood(headers, json.dumps(document).encode(), accepts)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.sampled_from(["application/cloudevents+json", "application/cloudevents-batch+json"]))
def test_structured_mode_that_holds_no_event(document, content_type):
    for accepts in ACCEPTED:
        understood({"content-type": content_type}, json.dumps(document).encode(), accepts)


def disturbed(value, choose):
    """Return a copy of a JSON value of which one part, somewhere, is another, or gone."""
    if isinstance(value, dict) and value:
        field = choose(st.sampled_from(sorted(value)))
        rest = {name: part for name, part in value.items() if name != field}
        return rest if choose(st.integers(0, 9)) == 0 else rest | {field: disturbed(value[field], choose)}
    if isinstance(value, list) and value:
        place = choose(st.integers(0, len(value) - 1))
        return [*value[:place], disturbed(value[place], choose), *value[place + 1 :]]
    return choose(VALUES)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 3), st.data())
def test_an_event_of_ours_with_some_of_it_changed(example, times, data):
    for _ in range(times):
        example = disturbed(example, data.draw)

    headers, body = {"content-type": "application/cloudevents+json"}, json.dumps(example).encode()
    event = understood(headers, body, PAYLOADS)
    assert times > 0 or event is not None
