"""Does it add up? What people were told, what arrived, and what the database says, held together."""

from tests.chaos import deliveries, people
from tests.chaos.books import Books, Found, Matched


def audited(books: Books) -> Found:
    """Everything that can be told from the books."""
    found = Found()
    matched = Matched(books)
    deliveries.check_ends(books, found)
    deliveries.check_sent(books, matched, found)
    deliveries.check_copies(books, matched, found)
    deliveries.check_lateness(books, matched, found)
    people.check_told(books, found)
    people.check_given(books, matched, found)
    people.check_fan_outs(books, matched, found)
    people.check_highlights(books, found)
    people.check_nudges(books, found)
    people.check_bookings(books, found)
    return found
