"""Cards that are about talking with the bot: welcome, help, settings, one's own data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.attendance import state_and_source
from cards.kit import Action, Card, Element, execute
from learning.attendance import Outcome
from learning.bookings import Booking, BookingState
from learning.people import Person, Unreached
from learning.profiles import Profile
from learning.sessions import Session

TRY_THREE = [
    execute("What's on today", "day.show", words="today"),
    execute("What's on this week", "day.show", words="this week"),
    execute("My bookings", "bookings.show"),
]

PHRASES = (
    ("what's on today", "also tomorrow, Thursday, this week, 19 May, Thursday afternoon"),
    ("find mentoring", "or just the topic, in your own words"),
    ("book GM1", "a name, a code, or “the second one” of a list"),
    ("cancel GM1", "gives your place to the next in line"),
    ("I'm here GM1", "at the door, with the code that hangs there"),
    ("my bookings", "what you have, with the links to join"),
    ("give feedback", "how a session was, or rate GM1; never shown with your name"),
    ("plan my week", "sessions that fit your diary; or plan my week around Excel"),
    ("resources", "courses to take in your own time"),
    ("I have an idea: …", "for a session; ideas shows what others would like"),
    ("nudges off", "and nudges on: reminders before what you booked"),
    ("remind me in an hour", "or tomorrow: about what you booked next"),
    ("send me highlights", "each morning of the week; stop highlights ends it"),
    ("my calendar", "your bookings in Outlook, by a private address"),
    ("my learning", "what you attended, with certificates"),
    ("my programme", "if you are on one over months: what is open, and the next screen"),
    ("tell me when GM1 runs again", "once; stop telling me about GM1 ends it"),
    ("my data", "what is kept about you, also as a file; forget me deletes it"),
)

NUDGES = {
    True: "Nudges are on: I'll remind you before each session you booked.",
    False: "Nudges are off. I'll still tell you when a session of yours changes.",
}
HIGHLIGHTS = {
    True: "I'll send you the highlights each morning there is something on. "
    "Type stop highlights to end it.",
    False: "No more daily highlights. Type send me highlights to have them back.",
}


def welcome_card(name: str = "") -> Card:
    """Who we are, and three things to try."""
    greeting = f"Hello {name}, I'm Learnweek" if name else "Hello, I'm Learnweek"
    return kit.card(
        f"{greeting}. Ask me what's on today",
        kit.heading(greeting),
        kit.text("I know the whole Learning at Work Week. Three things to try:"),
        kit.text("what's on today: the sessions, each with a button to book"),
        kit.text("find mentoring: or any other topic, in your own words"),
        kit.text("my bookings: what you have, with the links to join"),
        actions=TRY_THREE,
    )


def team_welcome_card(in_channel: bool = True) -> Card:
    """What a team or a group chat can ask of the bot."""
    ask = "Mention me and ask what's on today. What you book stays between you and me."
    post = "A team owner can type: post highlights here. I then post what's on each morning."
    return kit.card(
        "Learnweek can post each day's highlights in this channel"
        if in_channel
        else "Mention Learnweek and ask what's on today",
        kit.heading("Learnweek is here"),
        kit.text(ask),
        kit.text(post) if in_channel else None,
    )


def help_card() -> Card:
    return kit.card(
        "Things you can ask me: what's on today, find mentoring, book GM1, my bookings",
        kit.heading("What you can ask me"),
        kit.facts(*PHRASES),
        kit.quiet("Organisers: type organiser help for what you can do besides."),
        actions=TRY_THREE,
    )


def unreached_card(unreached: Sequence[Unreached]) -> Card:
    """For an organiser's eyes: who cannot be told anything, and why."""
    if not unreached:
        return say("I can reach everybody I know.")
    count = sum(each.count for each in unreached)
    title = f"I can't reach {count} {'person' if count == 1 else 'people'}"
    return kit.card(
        title,
        kit.heading(title),
        *(
            kit.group(
                kit.text(f"{each.count} {sayings.unreachable(each.reason)}", weight="Bolder"),
                kit.quiet(_names(each)),
                separator=True,
            )
            for each in unreached[:10]
        ),
        kit.text("I write to them again as soon as they write to me."),
    )


def _names(unreached: Unreached) -> str:
    names = [sayings.shortened(name or "somebody without a name", 60) for name in unreached.names]
    left = unreached.count - len(names)
    return ", ".join(names) + (f" and {left} more" if left else "")


def say(words: str, *more: str, actions: Sequence[Action] = (), title: str = "") -> Card:
    """A plain answer in a sentence or two."""
    return kit.card(
        words,
        kit.heading(title) if title else None,
        kit.text(words),
        *(kit.text(m) for m in more),
        actions=actions,
    )


def nothing_found_card(
    asked: str,
    nearest: Sequence[Session],
    strands: Sequence[str] = (),
    *,
    zone: ZoneInfo,
    is_near: bool = False,
) -> Card:
    """We did not understand, or nothing fits: say so, with what is near or next, and the strands."""
    heading = f"Nothing surely fits “{asked}”" if asked else "Nothing fits"
    return kit.card(
        heading,
        kit.heading(heading),
        kit.text(
            "These come closest. Is one of them what you mean?"
            if is_near
            else f"Try other words.{' This is what is on next:' if nearest else ''}"
        ),
        *(
            kit.group(
                kit.text(f"{number}. {s.title}", weight="Bolder"),
                kit.quiet(sayings.moment(s, zone)),
                kit.buttons(execute("Details", "session.show", session=s.id)),
            )
            for number, s in enumerate(nearest, 1)
        ),
        kit.text("Or look through a strand. Type help for what I can do.") if strands else None,
        kit.buttons(*(execute(strand, "list.more", about=strand) for strand in strands))
        if strands
        else None,
        actions=TRY_THREE[:2],
    )


def human_card(contact: str, facilitators: str = "") -> Card:
    """A person must answer that: who, and how to reach them."""
    words = "That is one for a person: I only know the programme and the bookings."
    link = contact if contact.startswith("https://") else f"mailto:{contact}" if contact else ""
    return kit.card(
        words,
        kit.text(words),
        kit.text(
            f"Ask the learning team: {contact}"
            if contact
            else "Ask your learning and development team."
        ),
        kit.text(f"About this session, ask {facilitators}.") if facilitators else None,
        actions=[kit.open_url("Write to the learning team", link)] if link else [],
    )


def chatter_card() -> Card:
    words = "I only know about the Learning at Work Week. Ask me what's on, or what you'd like to learn."
    return say(words, actions=TRY_THREE[:2])


STATES = {
    BookingState.BOOKED: "booked",
    BookingState.WAITING: "waiting",
    BookingState.OFFERED: "place offered",
    BookingState.CANCELLED: "cancelled",
}


def my_data_card(
    person: Person,
    bookings: Sequence[tuple[Session, Booking]],
    *,
    zone: ZoneInfo,
    now: datetime,
    attended: Sequence[tuple[Session, Outcome]] = (),
    zoom: int = 0,
    profile: Profile | None = None,
    calendar_since: datetime | None = None,
    file: str = "",
) -> Card:
    """What is kept about this person, in plain words; `zoom` counts registrations.

    `file` is the address at which they get all of it as a file.
    """
    rows = [
        (
            f"{sayings.shortened(s.title, 80)} ({s.code})",
            f"{sayings.moment(s, zone)}: {STATES[b.state]}",
        )
        for s, b in bookings[-30:]
    ]
    older = len(bookings) - len(rows)
    return kit.card(
        f"What I keep about you: your name, settings and {_bookings(len(bookings))}",
        kit.heading("What I keep about you"),
        kit.facts(
            ("Name", person.name),
            ("E-mail", person.email),
            ("Account", person.id),
            ("Time zone", person.timezone or "not known; the organisation's is used"),
            ("Nudges", "on" if person.wants_nudges else "off"),
            ("Highlights", "on" if person.wants_highlights else "off"),
            ("Our chat", "known, so that I can write to you" if person.address else "not known"),
            ("Zoom", f"{zoom} registered, with a link of your own to each" if zoom else ""),
            ("Calendar", _calendar(calendar_since, zone)),
        ),
        *_from_the_directory(profile, zone),
        kit.subheading("Bookings"),
        kit.facts(*rows) if rows else kit.text("None."),
        kit.quiet(f"and {older} earlier ones") if older > 0 else None,
        *_attended(attended),
        kit.text("What you type is not kept. Organisers see who is booked, not this chat."),
        kit.text(WHOLE_FILE) if file else None,
        actions=[
            *([kit.open_url("Download everything", file)] if file else []),
            execute("Forget me", "data.ask_forget"),
        ],
    )


WHOLE_FILE = (
    "The file has all of it: also what you said of sessions, your ideas and what I wrote to you."
)
FILE_OFFER = "All that Learnweek keeps about you, to read and as plain data"
NO_FILE = "No file then. Say my data when you want it."


def no_upload_card(link: str) -> Card:
    words = "I could not put the file into your OneDrive."
    return say(
        words,
        "You can download it instead; you may have to sign in.",
        actions=[kit.open_url("Download it", link)],
    )


def _calendar(since: datetime | None, zone: ZoneInfo) -> str:
    if since is None:
        return ""
    return f"a private address, made on {sayings.day(since.astimezone(zone).date())}"


def _from_the_directory(profile: Profile | None, zone: ZoneInfo) -> list[Element | None]:
    """What the organisation's directory told, and when."""
    if profile is None:
        return []
    read = sayings.day(profile.read_at.astimezone(zone).date())
    return [
        kit.subheading("From the organisation's directory"),
        kit.facts(
            ("Department", profile.department),
            ("Office", profile.office),
            ("Manager's account", profile.manager_id),
            ("Language", profile.language),
            ("Read", f"{read}; again each weekend"),
        ),
    ]


def _attended(attended: Sequence[tuple[Session, Outcome]]) -> list[Element | None]:
    """What is kept of where they were, and who says so."""
    if not attended:
        return []
    rows = [
        (f"{sayings.shortened(s.title, 80)} ({s.code})", state_and_source(outcome))
        for s, outcome in attended[-20:]
    ]
    return [kit.subheading("Where you were"), kit.facts(*rows)]


def forget_card(ahead: int) -> Card:
    """Are you sure?"""
    lose = f" You would lose {_bookings(ahead)} ahead." if ahead else ""
    return kit.card(
        "Shall I delete what I keep about you?",
        kit.heading("Forget you?"),
        kit.text(
            "I delete your name, address, settings and the link to your bookings; "
            f"only counts remain.{lose} This cannot be undone."
        ),
        actions=[execute("Yes, forget me", "data.forget"), execute("No, keep it", "data.keep")],
    )


def _bookings(count: int) -> str:
    return f"{count} booking{'' if count == 1 else 's'}"
