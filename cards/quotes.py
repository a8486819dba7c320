"""Cards for saying something about a programme that others may read, and for taking it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cards import kit
from cards.kit import Card, Element, execute
from learning.courses.quotes import LONGEST, LONGEST_NAME, Place, Quote, Signing
from learning.sessions import CourseId

PLACES = {
    Place.HUB: "The hub page, which everybody with its address can read",
    Place.ENGAGE: "Posts on Viva Engage",
    Place.REPORT: "The report of the programme",
    Place.INVITATION: "The next invitation to the programme",
}
SIGNINGS = {
    Signing.FULL: "With my name and job title",
    Signing.FIRST: "With my first name only",
    Signing.NAMELESS: "Without my name, as I describe myself",
}
AGREE = "I agree that my words appear in the places ticked, signed as I chose"
REVOCABLE = (
    "You can change it or take it back at any time: type revoke my quote. Then it vanishes from our "
    "pages at once, and nobody is sent it any more. What was sent, posted or printed before is not called "
    "back: ask your organisers to take posts down."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed and ticked, right or not: nothing of it is lost but the consent."""

    text: str = ""
    places: frozenset[Place] = frozenset()
    signing: Signing | None = None
    title: str = ""


def form_card(
    course_id: CourseId, course: str, typed: Typed, *, is_given: bool = False, fault: str = ""
) -> Card:
    """Everything is off until somebody ticks it, and consent is given anew for every change."""
    title = "Change your quote" if is_given else "Tell others what it was good for"
    revoke = execute("Take it back", "quote.revoke", course=course_id)
    return kit.card(
        f"{fault} {title}" if fault else title,
        kit.quiet(course),
        kit.heading(title),
        kit.notice(fault, "warning") if fault else None,
        _words(typed.text),
        _places(typed.places),
        _signing(typed.signing),
        _title(typed.title),
        {
            "type": "Input.Toggle",
            "id": "agree",
            "label": "Your consent",
            "title": AGREE,
            "valueOn": "yes",
            "valueOff": "no",
            "value": "no",
            "wrap": True,
            "isRequired": True,
            "errorMessage": "Without your consent nothing is kept",
        },
        kit.quiet(REVOCABLE),
        actions=[
            execute("Save", "quote.save", course=course_id),
            *([revoke] if is_given else []),
        ],
    )


def given_card(course: str, quote: Quote) -> Card:
    """The quote as it appears, and where."""
    title = "Thank you: this is your quote"
    return kit.card(
        title,
        kit.quiet(course),
        kit.heading(title),
        kit.text(f"“{quote.text}”"),
        kit.text(quote.signed_as, weight="Bolder"),
        kit.text("It may appear in these places and nowhere else:"),
        *(kit.text(PLACES[place], spacing="Small") for place in Place if place in quote.places),
        kit.quiet(REVOCABLE),
        actions=[
            execute("Change it", "quote.open", course=quote.course_id),
            execute("Take it back", "quote.revoke", course=quote.course_id),
        ],
    )


def revoked_card(course_id: CourseId, course: str) -> Card:
    title = "Your quote is taken back"
    words = "Its text is deleted. It appears on none of our pages and in no new message."
    return kit.card(
        f"{title}. {words}",
        kit.quiet(course) if course else None,
        kit.heading(title),
        kit.text(words),
        kit.text("If it was posted on Viva Engage, ask your organisers to take it down there."),
        actions=[execute("Write another", "quote.open", course=course_id)],
    )


def which_card(courses: Sequence[tuple[CourseId, str]], verb: str) -> Card:
    title = "Of which programme?"
    return kit.card(
        title,
        kit.heading(title),
        actions=[execute(name, verb, course=number) for number, name in courses[:6]],
    )


def _words(text: str) -> Element:
    return {
        "type": "Input.Text",
        "id": "text",
        "label": "In a sentence or two: what was it good for?",
        "isMultiline": True,
        "isRequired": True,
        "errorMessage": "Write a sentence or two",
        "maxLength": LONGEST,
        **({"value": text} if text else {}),
    }


def _places(places: Collection[Place]) -> Element:
    chosen = ",".join(place for place in Place if place in places)
    return {
        "type": "Input.ChoiceSet",
        "id": "places",
        "label": "Where may it appear?",
        "isMultiSelect": True,
        "style": "expanded",
        "wrap": True,
        "isRequired": True,
        "errorMessage": "Tick one place at least",
        "choices": [{"title": words, "value": str(place)} for place, words in PLACES.items()],
        **({"value": chosen} if chosen else {}),
    }


def _signing(signing: Signing | None) -> Element:
    return {
        "type": "Input.ChoiceSet",
        "id": "signing",
        "label": "How is it signed?",
        "style": "expanded",
        "wrap": True,
        "isRequired": True,
        "errorMessage": "Choose how it is signed",
        "choices": [{"title": words, "value": str(each)} for each, words in SIGNINGS.items()],
        **({"value": str(signing)} if signing else {}),
    }


def _title(title: str) -> Element:
    return {
        "type": "Input.Text",
        "id": "title",
        "label": "Your job title, or how you describe yourself without your name",
        "placeholder": "a head of service",
        "maxLength": LONGEST_NAME,
        **({"value": title} if title else {}),
    }
