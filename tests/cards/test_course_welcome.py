"""What somebody reads who is put on a programme, would leave it, or changes their date."""

from datetime import date

from cards.course_dates import other_date_card
from cards.course_welcome import ask_leave_card, welcome_card, which_to_leave_card
from learning.courses.schedule import Situation, plan
from learning.sessions import CourseId
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import card_faults
from tests.support.courses import the_course
from tests.support.values import LONDON, a_session

TODAY = date(2026, 5, 18)


def test_the_welcome_says_what_comes_when_and_leads_to_the_programme():
    course = the_course()
    steps = plan(course.steps, Situation(live_day=date(2026, 6, 10), cohort="Spring"))

    card = welcome_card(course, CourseId(7), steps, TODAY)

    read = shown_text(card.content)
    assert card_faults(card.content) == []
    assert "Whose service is it?: open now" in read
    assert "Before we meet: from Wednesday 20 May" in read
    assert "In their shoes: Wednesday 10 June, or another date that you choose" in read
    [button] = buttons(card.content)
    assert (button["title"], button["verb"], button["data"]["course"]) == (
        "Open my programme",
        "course.open",
        7,
    )


def test_a_programme_without_dates_is_open_at_any_time():
    course = the_course()
    steps = plan(course.steps, Situation(live_day=None))

    read = shown_text(welcome_card(course, CourseId(7), steps, TODAY).content)

    assert "• Promises\n" in read


def test_questions_before_something_is_given_up_are_sound_cards():
    course, other = the_course(), a_session()
    cards = [
        ask_leave_card(course, CourseId(7), ""),
        ask_leave_card(course, CourseId(7), "In their shoes, Wednesday"),
        which_to_leave_card([(CourseId(7), course), (CourseId(8), course)]),
        other_date_card(a_session(), other, zone=LONDON),
    ]

    assert [card_faults(card.content) for card in cards] == [[]] * 4
    assert "Your place is given back: In their shoes, Wednesday." in shown_text(cards[1].content)
