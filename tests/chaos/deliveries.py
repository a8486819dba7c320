"""Deliveries: every row has ended, what it says was sent has arrived, and once unless there is a cause."""

from tests.chaos.books import MESSAGES, SLACK, Books, Found, Matched, kind_of
from tests.chaos.history import Row
from tests.chaos.plan import LEASE, OF_THE_DATABASE, Kind
from tests.chaos.region import Taken
from tests.chaos.replicas import Life

FINAL = frozenset({"sent", "dropped", "given_up"})
REQUEST = 10.0
"""Seconds after which a request is given up: on waking, before its answer is looked at."""

WOKEN = 15.0
"""Seconds after a pause in which what is sent may be left over from before it."""


def check_ends(books: Books, found: Found) -> None:
    """Every row has ended, or lies ahead."""
    for row in books.rows:
        if row.withdrawn:
            found.states["withdrawn"] += 1
            continue
        if row.state in FINAL:
            found.states[row.state] += 1
            if row.state == "given_up":
                found.lose(f"given up: {row}")
        elif row.state != "leased" and row.due > books.now:
            found.ahead += 1
        else:
            found.lose(f"neither ended nor ahead: {row}")


def check_sent(books: Books, matched: Matched, found: Found) -> None:
    """What a row says was sent did arrive, with the person it names."""
    arrived = {each.id: each for each in books.taken}
    for row in books.rows:
        if row.state != "sent" or row.kind not in MESSAGES:
            continue
        found.sent += 1
        each = arrived.get(row.activity_id)
        if each is None:
            found.lose(f"sent, but nothing arrived: {row}")
        elif books.chats.get(each.conversation) != row.person_id or kind_of(each) != row.kind:
            found.lose(f"sent, but something else arrived ({each.summary}): {row}")
    found.taken = len(matched.row_of) + len(matched.strays)
    found.breaches += [f"a notice without a row: {each}" for each in matched.strays]


def check_copies(books: Books, matched: Matched, found: Found) -> None:
    """Whatever arrived and is in no row has a cause, and nothing was sent by who had lost it."""
    for row in books.rows:
        copies = matched.copies.get(id(row), [])
        found.twice += max(0, len(copies) - 1)
        for each in copies:
            zombie = _without_lease(matched, row, each)
            if zombie:
                found.breaches.append(f"SENT WITHOUT THE LEASE: {zombie}: {each}: {row}")
            if each.id != row.activity_id:
                cause = _cause(books, matched, row, each)
                found.causes[cause or "unexplained"] += 1
                if not cause:
                    found.breaches.append(f"TWICE without a cause: {each}: {row}")
    _count_in_flight(books, matched)
    for happened in books.happened:
        if happened.fault.kind is Kind.CLOCK and happened.twice:
            found.breaches.append(f"TWICE by a wrong clock: {happened.twice}, {happened.fault}")
        elif happened.twice > happened.in_flight:
            words = f"{happened.twice}, with {happened.in_flight} in flight"
            found.breaches.append(f"TWICE too often: {words}, {happened.fault}")


def _without_lease(matched: Matched, row: Row, each: Taken) -> str:
    """How it came that the row was in other hands when this was sent, '' where it was not."""
    sender, holder = matched.life_of(each), row.holder(each.at - SLACK)
    own = matched.claim_of(row, each)
    if holder is None or own is None or own.owner == holder.owner or own.at >= holder.at:
        return ""
    woken = sender and any(0 <= each.at - end < WOKEN for _, end in sender.pauses)
    return f"{'woken from a pause' if woken else 'not paused'}, {sender}"


def _cause(books: Books, matched: Matched, row: Row, each: Taken) -> str:
    """Why the row does not know of this message."""
    life, claim = matched.life_of(each), matched.claim_of(row, each)
    if each.lost:
        _blame(books, {Kind.ANSWERS_LOST, Kind.REFUSED}, each.at, each.at + 1.0)
        return "answer lost"
    if life is None or claim is None:
        return ""
    ended_after = each.at - SLACK <= life.ended <= min(claim.ended, each.at + LEASE + WOKEN)
    if life.how == "killed" and ended_after:
        _blame_life(books, {Kind.KILL}, life, life.ended)
        return "killed"
    if life.how == "stopped" and ended_after:
        return "stopped with it under way" if _is_troubled(books, each.at, life.ended) else ""
    for began, end in life.pauses:
        is_long = end - began > REQUEST - 2.0
        if is_long and began <= each.at + REQUEST and end >= each.at - 1.0:
            _blame_life(books, {Kind.PAUSE, Kind.LONG_PAUSE}, life, each.at)
            return "asleep while it was answered"
    if _blame(books, OF_THE_DATABASE, each.at - 1.0, claim.ended):
        return "database away"
    after = next((c for c in row.claims if c.at > claim.at), None)
    other = matched.lives.get(after.owner) if after else None
    if after and after.at < claim.at + LEASE - 1 and (life.shift or (other and other.shift)):
        _blame_life(books, {Kind.CLOCK}, life if life.shift else other, each.at)
        return "wrong clock"
    return ""


def _blame(books: Books, kinds: set[Kind] | frozenset[Kind], at: float, until: float) -> bool:
    for happened in books.happened:
        if happened.fault.kind in kinds and happened.covers(at, until):
            happened.twice += 1
            return True
    return False


def _blame_life(books: Books, kinds: set[Kind], life: Life | None, at: float) -> None:
    for happened in books.happened:
        is_it = happened.fault.kind in kinds and happened.life is life
        if is_it and happened.covers(at - REQUEST, at + REQUEST):
            happened.twice += 1
            return


def _is_troubled(books: Books, at: float, until: float) -> bool:
    """Whether Teams or the database failed around then as well."""
    others = (h for h in books.happened if h.fault.kind is not Kind.TERMINATE)
    return any(happened.covers(at - 10, until + 1) for happened in others)


def _count_in_flight(books: Books, matched: Matched) -> None:
    """How many rows were leased to whom a fault struck, while it lasted if it struck everybody."""
    claims = [(claim, matched.lives.get(claim.owner)) for row in books.rows for claim in row.claims]
    for happened in books.happened:
        since = happened.began - (0.0 if happened.life else 1.0)
        until = happened.began if happened.life else min(happened.ended, books.now)
        happened.in_flight = sum(
            claim.at <= until + SLACK
            and claim.ended >= since - SLACK
            and (happened.life is None or life is happened.life)
            for claim, life in claims
        )


def check_lateness(books: Books, matched: Matched, found: Found) -> None:
    """How long after it was due, and written, something first arrived."""
    for row in books.rows:
        copies = matched.copies.get(id(row))
        late = copies[0].at - max(row.due, row.written) if copies else 0.0
        if late > found.worst:
            found.worst, found.worst_row = late, str(row)
