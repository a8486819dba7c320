"""That cards and Graph requests are refused for what is wrong with them, and only for that."""

from typing import Any

import pytest

from tests.support.contracts import CARD_BYTES, GraphContract, card_faults

EVENTS = "/v1.0/users/team%40example.gov.uk/events"


def book(title: str = "Book", **data: Any) -> dict[str, Any]:
    submit = {"type": "Action.Submit", "title": title, "data": {"verb": "session.book", **data}}
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": "session.book",
        "data": data,
        "fallback": submit,
    }


def a_card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def text(words: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def test_a_good_card_has_no_faults_whatever_only_teams_knows():
    people = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
    card = a_card(
        text(targetWidth="atLeast:narrow"),
        {"type": "TextBlock", "text": "One line", "maxLines": 1},
        {"type": "Image", "url": "https://example.gov.uk/a.png", "altText": "A growing plant"},
        {
            "type": "Input.ChoiceSet",
            "id": "who",
            "label": "Who",
            "choices": [],
            "choices.data": people,
        },
        {"type": "Container", "items": [{"type": "ActionSet", "actions": [book(code="GM1")]}]},
        actions=[book(code="GM2", type="a word of the author's own")],
        msteams={"width": "full"},
        refresh={"action": {"type": "Action.Execute", "verb": "session.show"}, "userIds": ["29:1"]},
    )

    assert card_faults(card) == []


INPUT = {"type": "Input.Text", "id": "why", "label": "Why"}


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (a_card(text(), version="1.6"), "version is '1.6'"),
        (a_card(text(), refresh={"userIds": ["29:1"] * 61}), "refreshed for 61 people"),
        (a_card(text("x" * CARD_BYTES)), "the limit is"),
        (a_card({"type": "Image", "url": "a.png"}), "without altText"),
        (a_card({"type": "TextBlock", "text": "Hello"}), "does not wrap"),
        (a_card(text(colour="good")), "'colour' was unexpected"),
        (a_card(text(size="Huge")), "'Huge' is not one of"),
        (a_card({"type": "Sparkline"}), "not valid under any"),
        (a_card({"type": "Media", "sources": []}), "no Media"),
        (a_card({**INPUT, "label": ""}), "without a label"),
        (a_card({"type": "Input.Text", "label": "Why"}), "'id' is a required"),
        (a_card(INPUT, INPUT), "2 inputs are called 'why'"),
        (a_card(actions=[{**book(), "verb": ""}]), "without a verb"),
        (a_card(actions=[{**book(), "fallback": "drop"}]), "to fall back on"),
        (a_card(actions=[{**book(code="A"), "data": {"code": "B"}}]), "the fallback sends"),
        (a_card(actions=[{**book(), "title": "Reserve"}]), "the fallback is called 'Book'"),
        (a_card(actions=[book(verb="other")]), "a verb of its own"),
    ],
)
def test_a_card_is_refused_for(card: dict[str, Any], fault: str):
    assert fault in "\n".join(card_faults(card))


def test_a_fault_is_told_where_it_is_and_not_for_every_alternative():
    card = a_card({"type": "Container", "items": [text(), text(wrp=True)]})

    assert card_faults(card) == [
        "$.body[0].items[1]: Additional properties are not allowed ('wrp' was unexpected)"
    ]


def test_a_request_of_the_contract_has_no_faults():
    event = {"@odata.type": "#microsoft.graph.event", "subject": "Resilience", "attendees": []}

    assert GraphContract().request_faults("POST", EVENTS, event) == []
    assert GraphContract().request_faults("GET", "/v1.0/users/a", query={"$select": "mail"}) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "fault"),
    [
        ("POST", EVENTS, {"subjct": "Resilience"}, {}, "'subjct'"),
        ("POST", EVENTS, {"body": {"contentType": "HTML"}}, {}, "'HTML' is not one of"),
        ("POST", EVENTS, None, {}, "is not of type 'object'"),
        ("GET", EVENTS, {"subject": "Resilience"}, {}, "takes no body"),
        ("GET", EVENTS, None, {"$sort": "start"}, "unknown query parameter $sort"),
        ("GET", "/v1.0/users/a/calendarView", None, {}, "startDateTime is missing"),
        ("PUT", EVENTS, {}, {}, "no such operation"),
        ("GET", "/v1.0/me", None, {}, "no such operation"),
        ("GET", "/beta/users/a", None, {}, "no such operation"),
        ("GET", "/v1.0/users//events", None, {}, "no such operation"),
        ("POST", "/v1.0/$batch", {"requests": []}, {}, "non-empty"),
    ],
)
def test_a_request_is_refused_for(
    method: str, path: str, body: Any, query: dict[str, str], fault: str
):
    assert fault in "\n".join(GraphContract().request_faults(method, path, body, query=query))


@pytest.mark.parametrize(
    ("method", "status", "body", "fault"),
    [
        ("POST", 201, {"id": 7}, "7 is not of type 'string'"),
        ("POST", 200, {"id": "a"}, "never answers 200"),
        ("POST", 429, {"message": "slow down"}, "'error' is a required property"),
    ],
)
def test_an_answer_is_refused_for(method: str, status: int, body: Any, fault: str):
    assert fault in "\n".join(GraphContract().answer_faults(method, EVENTS, status, body))


def test_an_operation_is_named_with_its_ids_decoded():
    found = GraphContract().operation("GET", "/v1.0/users/a%40b.uk/events/AA%2FB%3D")

    assert found == (
        "GET /users/{user-id}/events/{event-id}",
        {"user-id": "a@b.uk", "event-id": "AA/B="},
    )
