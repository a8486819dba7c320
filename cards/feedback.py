"""Cards for saying how a session was, and for seeing what people said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import tell_me
from learning.feedback import LONGEST_COMMENT, MOST_STARS, Answer, Release
from learning.sessions import Session
from learning.small_groups import FEWEST

SHORT = 80
GOALS = "Did this support your career and personal development goals?"
IN_CONFIDENCE = (
    f"Organisers and those who ran it see what people say once {FEWEST} have answered: "
    "all answers together, never your name."
)
NO_MORE = "Type nudges off to have no reminders."
STARS = {
    1: "1 star: poor",
    2: "2 stars: fair",
    3: "3 stars: good",
    4: "4 stars: very good",
    5: "5 stars: excellent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was chosen and typed, right or not: nothing of it is lost."""

    stars: int = 0
    helped: bool | None = None
    comment: str = ""


def given(answer: Answer | None) -> Given:
    if answer is None:
        return Given()
    return Given(stars=answer.stars, helped=answer.helped, comment=answer.comment)


def feedback_card(
    session: Session,
    *,
    zone: ZoneInfo,
    filled: Given | None = None,
    note: str = "",
    reminds: bool = False,
) -> Card:
    """Stars, a question, a line, one press. `filled` is what stands in it; `note` what is wrong with it."""
    filled = filled or Given()
    title = sayings.shortened(session.title, SHORT)
    heading = f"A reminder: how was {title}?" if reminds else f"How was {title}?"
    return kit.card(
        f"{note} {heading}" if note else heading,
        kit.notice(note, "warning") if note else None,
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        _stars(filled),
        _goals(filled),
        _comment(filled),
        kit.quiet(IN_CONFIDENCE),
        kit.quiet(NO_MORE) if reminds else None,
        actions=[execute("Send", "feedback.send", session=session.id)],
    )


def _stars(filled: Given) -> Element:
    choices = [{"title": STARS[n], "value": str(n)} for n in range(1, MOST_STARS + 1)]
    return {
        "type": "Input.ChoiceSet",
        "id": "stars",
        "label": "How many stars do you give it?",
        "style": "expanded",
        "isRequired": True,
        "errorMessage": "Choose from 1 to 5 stars",
        "choices": choices,
        **({"value": str(filled.stars)} if filled.stars else {}),
    }


def _goals(filled: Given) -> Element:
    chosen = {True: "yes", False: "no"}.get(filled.helped) if filled.helped is not None else None
    return {
        "type": "Input.ChoiceSet",
        "id": "helped",
        "label": GOALS,
        "style": "expanded",
        "wrap": True,
        "choices": [{"title": "Yes", "value": "yes"}, {"title": "No", "value": "no"}],
        **({"value": chosen} if chosen else {}),
    }


def _comment(filled: Given) -> Element:
    return {
        "type": "Input.Text",
        "id": "comment",
        "label": "Anything else? Name nobody, please",
        "maxLength": LONGEST_COMMENT,
        **({"value": filled.comment} if filled.comment else {}),
    }


def answered_card(session: Session, answer: Answer, *, zone: ZoneInfo, is_open: bool) -> Card:
    """The answer as it now stands."""
    heading = "Thank you for your feedback"
    title = sayings.shortened(session.title, SHORT)
    helped = {True: "Yes", False: "No", None: "Not answered"}[answer.helped]
    return kit.card(
        f"{heading} on {title}: {STARS[answer.stars]}",
        kit.heading(heading),
        kit.text(title, weight="Bolder"),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.text(f"{drawn(answer.stars)} {STARS[answer.stars]}"),
        kit.facts(("Supported your goals", helped), ("You wrote", answer.comment)),
        kit.quiet(IN_CONFIDENCE),
        actions=[_change(session)] if is_open else [],
    )


def drawn(stars: int) -> str:
    return "★" * stars + "☆" * (MOST_STARS - stars)


def made_it_card(
    session: Session, *, zone: ZoneInfo, reminds: bool = False, unseen: bool = False
) -> Card:
    """Nobody knows whether they were there; their word is taken for it."""
    title = sayings.shortened(session.title, SHORT)
    heading = f"Did you make it to {title}?"
    said = "You were booked, but nobody saw you there. " if unseen else ""
    return kit.card(
        f"A reminder: {heading}" if reminds else heading,
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.text(f"{said}If you did, I'd like to hear how it was."),
        kit.quiet(NO_MORE) if reminds else None,
        actions=[
            execute("Yes", "feedback.came", session=session.id, came=True),
            execute("No", "feedback.came", session=session.id, came=False),
        ],
    )


def came_not_card(session: Session) -> Card:
    title = sayings.shortened(session.title, SHORT)
    words = f"Thank you for telling me: you did not make it to {title}."
    return kit.card(
        words,
        kit.text(words),
        actions=[
            execute("I was there after all", "feedback.came", session=session.id, came=True),
            tell_me(session),
        ],
    )


def seen_card(session: Session) -> Card:
    """They say that they were not there, and are on record as having been."""
    title = sayings.shortened(session.title, SHORT)
    words = f"You are on record as having been at {title}."
    return kit.card(
        words,
        kit.text(words),
        kit.text("If that is wrong, ask your learning and development team to correct it."),
        actions=[execute("Give feedback", "feedback.show", session=session.id)],
    )


def sessions_card(
    waiting: Sequence[Session],
    given: Sequence[Session] = (),
    *,
    zone: ZoneInfo,
    reminds: bool = False,
) -> Card:
    """Several that they may say something of; those already answered can be changed."""
    heading = "What would you like to give feedback on?"
    if not waiting:
        heading = "You have given feedback on everything you attended"
    if reminds:
        heading = "A reminder: how were these?"
    rows = [
        *(_row(s, zone, execute("Give feedback", "feedback.show", session=s.id)) for s in waiting),
        *(_row(s, zone, _change(s)) for s in given),
    ]
    return kit.card(
        heading,
        kit.heading(heading),
        *kit.fitting(rows),
        kit.quiet(NO_MORE) if reminds else None,
    )


def _row(session: Session, zone: ZoneInfo, action: Action) -> Element:
    return kit.group(
        kit.text(sayings.shortened(session.title, SHORT), weight="Bolder"),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.buttons(action),
        separator=True,
    )


def _change(session: Session) -> Action:
    return execute("Change my answer", "feedback.show", session=session.id)


def results_card(session: Session, release: Release | None, *, zone: ZoneInfo) -> Card:
    """What people say, all together, for those who ran it; nothing while too few have answered."""
    title = sayings.shortened(session.title, SHORT)
    heading = f"What people say of {title}"
    where = kit.quiet(f"{session.code} · {sayings.moment(session, zone)}")
    if release is None:
        words = f"Feedback is shown once at least {FEWEST} people have answered."
        return kit.card(f"{title}: {words}", kit.heading(heading), where, kit.text(words))
    score = f"{release.average:.1f} of {MOST_STARS} stars, {release.answers} answers"
    return kit.card(
        f"{heading}: {score}",
        kit.heading(heading),
        where,
        kit.text(score, weight="Bolder"),
        kit.facts(*((_named(n), str(release.stars[n - 1])) for n in range(MOST_STARS, 0, -1))),
        kit.text(goals(release)),
        *_comments(release),
        kit.quiet(
            f"As of {sayings.day(release.released_at.astimezone(zone).date())}. It changes when at "
            f"least {FEWEST} answers are new or changed, so that nobody's can be told from others'."
        ),
    )


def _named(stars: int) -> str:
    return f"{stars} star{'' if stars == 1 else 's'}"


def goals(release: Release) -> str:
    """'It supported the career and personal development goals of 6 in 8 who said (75 %)'."""
    said = release.helped + release.not_helped
    if not said:
        return "Nobody said whether it supported their goals."
    share = round(100 * release.helped / said)
    return (
        f"It supported the career and personal development goals of {release.helped} "
        f"of the {said} who said ({share} %)."
    )


def _comments(release: Release) -> list[Element]:
    if not release.comments:
        return []
    lines = [kit.text(f"“{comment}”", spacing="Small") for comment in release.comments]
    shown = list(kit.fitting(lines))
    left = len(lines) - len(shown)
    more = [kit.quiet(f"and {left} more: they are in the export of feedback")] if left else []
    return [kit.subheading("In their words"), *shown, *more]
