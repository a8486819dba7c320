"""People: what a card told them is so, and they heard of everything that concerned them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.chaos.books import Books, Found, Matched
from tests.chaos.history import NEVER, Held
from tests.chaos.load import CALLED_OFF, HIGHLIGHTS_SAID, Done, Told
from tests.chaos.plan import Verb

NEAR = 15.0
"""Seconds within which what a person did and what they were told may have crossed."""

STANDING = frozenset({Told.BOOKED, Told.WAITING, Told.OFFERED, Told.CANCELLED})
IN_DOUBT = frozenset({Told.UNKNOWN, Told.LATE})
CHANGES = frozenset(
    {Verb.BOOK, Verb.CANCEL, Verb.ACCEPT, Verb.PASS, Verb.SAY_BOOK, Verb.SAY_CANCEL}
)
GIVES_BACK = frozenset({Verb.CANCEL, Verb.PASS, Verb.SAY_CANCEL})


def check_told(books: Books, found: Found) -> None:
    """What a card last said of a booking is so, unless something in doubt came after it."""
    pairs: dict[tuple[int, str], list[Done]] = defaultdict(list)
    for done in sorted(books.done, key=lambda each: each.began):
        if done.act.verb in CHANGES:
            pairs[done.act.person, done.act.session].append(done)
    ids = {held.code: id for id, held in books.sessions.items()}
    live = {(each.person_id, each.session_id): each.state for each in books.live}
    lapsed = {(r.person_id, r.session_id) for r in books.rows if r.kind == "offer_lapsed"}
    for (person, code), acts in pairs.items():
        told = _last_told(acts)
        if told is None:
            found.unsure += any(done.told in IN_DOUBT for done in acts)
            continue
        key = (books.person_ids[person], ids[code])
        state = live.get(key, "none")
        allowed = {
            Told.BOOKED: {"booked"},
            Told.CANCELLED: {"none"},
        }.get(told, {"booked", "offered", "waiting"} | ({"none"} if key in lapsed else set()))
        if state not in allowed:
            found.lose(f"{key[0]} was told “{told}” of {code}, but has {state}: {_story(acts)}")


def check_given(books: Books, matched: Matched, found: Found) -> None:
    """Whoever heard that a place is theirs has it, unless they have given it back since."""
    live = {(each.person_id, each.session_id): each.state for each in books.live}
    given_back: dict[tuple[str, str], float] = defaultdict(float)
    for done in books.done:
        if done.act.verb in GIVES_BACK:
            key = (books.person_ids[done.act.person], done.act.session)
            late = NEVER if done.told is Told.LATE else done.ended
            given_back[key] = max(given_back[key], late)
    for row in books.rows:
        copies = matched.copies.get(id(row))
        if row.kind != "place_given" or not copies:
            continue
        code = books.sessions[row.session_id].code
        kept = given_back[row.person_id, code] < copies[0].at - NEAR
        if kept and live.get((row.person_id, row.session_id)) != "booked":
            found.lose(f"heard of a place on {code} and has none: {row}")


def _last_told(acts: Sequence[Done]) -> Told | None:
    """None where nothing was said for sure, or what came late may yet have come about."""
    if any(done.told is Told.LATE for done in acts):
        return None
    last = None
    for done in acts:
        if done.told in STANDING:
            last = done.told
        elif done.told in IN_DOUBT:
            last = None
    return last


def _story(acts: Sequence[Done]) -> str:
    return "; ".join(f"{a.began:.2f} {a.act.verb} → {a.told} ({a.heading})" for a in acts)


def check_fan_outs(books: Books, matched: Matched, found: Found) -> None:
    """Everybody concerned heard of what was called off, and had it written down what was moved."""
    of: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in books.rows:
        heard = bool(matched.copies.get(id(row))) or (row.state != "sent" and row.due > books.now)
        if (row.kind == "session_cancelled" and heard) or row.kind == "session_changed":
            of[row.kind, row.session_id].add(row.person_id)
    for booked in books.live:
        held = books.sessions[booked.session_id]
        if held.is_cancelled and booked.person_id not in of["session_cancelled", booked.session_id]:
            found.lose(f"{booked.person_id} was not told that {held.code} is called off")
        moved = [end for code, _, end in books.moves if code == held.code]
        was_there = any(booked.changed < at - NEAR for at in moved)
        if was_there and booked.person_id not in of["session_changed", booked.session_id]:
            found.lose(f"{booked.person_id} was not told that {held.code} was moved")
    called_off = {
        done.act.session for done in books.done
        if done.act.verb is Verb.CALL_OFF and CALLED_OFF in done.heading
    }  # fmt: skip
    for held in books.sessions.values():
        if held.code in called_off and not held.is_cancelled:
            found.lose(f"{held.code} was said to be called off and is not")


def check_highlights(books: Books, found: Found) -> None:
    """Whoever was promised highlights before they were written down had them."""
    rows = [row for row in books.rows if row.kind in ("fan_out", "highlights")]
    written = min((row.written for row in rows), default=books.now)
    had = {row.person_id for row in rows if row.kind == "highlights"}
    promised = {
        books.person_ids[each.act.person]
        for each in books.done
        if each.heading.startswith(HIGHLIGHTS_SAID) and each.ended < written - 1.0
    }
    for person_id in promised - had:
        found.lose(f"{person_id} was promised highlights and had none")


def check_nudges(books: Books, found: Found) -> None:
    """Whoever has a place has every nudge written down that was ahead when they got it."""
    written = {
        (row.person_id, row.session_id, round(row.due)) for row in books.rows if row.kind == "nudge"
    }
    moved_at = {code: end for code, _, end in books.moves}
    for booked in books.live:
        held = books.sessions[booked.session_id]
        if booked.state != "booked" or held.is_cancelled:
            continue
        since = max(booked.changed, moved_at.get(held.code, 0.0)) + 1.0
        for due in _nudges_of(held, books.nudges):
            if due > since and (booked.person_id, booked.session_id, round(due)) not in written:
                found.lose(f"{booked.person_id} has no nudge for {held.code} due {due:.0f}")


def _nudges_of(held: Held, before: Sequence[float]) -> Iterator[float]:
    return (held.starts - span for span in before)


def check_bookings(books: Books, found: Found) -> None:
    """Counts agree with the bookings, and whoever was given a place from the queue heard of it."""
    holding = Counter(b.session_id for b in books.live if b.state in ("booked", "offered"))
    waiting = Counter(b.session_id for b in books.live if b.state == "waiting")
    for session_id, held in books.sessions.items():
        counted = (holding[session_id], waiting[session_id])
        if counted != (held.taken, held.waiting):
            words = f"{held.taken} taken and {held.waiting} waiting, but there are {counted}"
            found.breaches.append(f"{held.code} says {words}")
    heard = {
        (row.person_id, row.session_id)
        for row in books.rows
        if row.kind in ("place_given", "place_offered")
    }
    ids = {held.code: id for id, held in books.sessions.items()}
    last: dict[tuple[str, int], Told] = {}
    for done in sorted(books.done, key=lambda each: each.began):
        if done.act.verb in CHANGES:
            key = (books.person_ids[done.act.person], ids[done.act.session])
            last[key] = done.told if done.told is not Told.NOTHING else last.get(key, Told.NOTHING)
    for booked in books.live:
        key = (booked.person_id, booked.session_id)
        waited = last.get(key) is Told.WAITING and booked.state in ("booked", "offered")
        if waited and key not in heard:
            code = books.sessions[booked.session_id].code
            found.lose(f"{booked.person_id} moved up from the queue of {code} and was not told")
