"""Earlier editions from a spreadsheet: what is read, and every fault by its line and column."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.spreadsheets import read_table, write_xlsx
from learning.past_editions import PastEdition
from learning.past_file import PastReading, read
from learning.report import Measure

SAMPLE = Path(__file__).parents[2] / "sample" / "earlier.csv"


def reading(text: str) -> PastReading:
    return read(read_table("earlier.csv", text.encode()))


def faults(text: str) -> list[str]:
    found = reading(text)
    assert found.editions == ()
    return [str(fault) for fault in found.faults]


def test_the_sample_file_is_read():
    found = read(read_table(SAMPLE.name, SAMPLE.read_bytes()))

    assert (found.faults, found.unknown) == ((), ())
    assert [e.name for e in found.editions] == [
        "Learning at Work Week 2024",
        "Learning at Work Week 2025",
    ]


def test_every_figure_goes_to_its_measure():
    found = reading(
        "Edition;Held;Sessions;Bookings;Attended;No-shows;Waiting;People;Answers;Score;"
        "Goal answers;Goals yes\n"
        'Spring;12/05/2025;12;"1,231";148;83;19;112;66;4,29;63;43\n'
    )

    assert found.editions == (
        PastEdition(
            name="Spring",
            held=date(2025, 5, 12),
            measures={
                Measure.SESSIONS: Decimal(12),
                Measure.BOOKED: Decimal(1231),
                Measure.ATTENDED: Decimal(148),
                Measure.NO_SHOWS: Decimal(83),
                Measure.WAITING: Decimal(19),
                Measure.PEOPLE: Decimal(112),
                Measure.ANSWERS: Decimal(66),
                Measure.SCORE: Decimal("4.29"),
                Measure.GOALS: Decimal("68.3"),
            },
            is_imported=True,
        ),
    )


def test_a_workbook_says_the_same_as_text():
    rows = [["Spring", "2025-05-12", 148, ""], ["Autumn", "2025-11-17", 97, "4.1"]]
    data = write_xlsx(["edition", "held", "attended", "score"], rows)

    found = read(read_table("earlier.xlsx", data))

    assert found == reading(
        "edition,held,attended,score\nSpring,2025-05-12,148,\nAutumn,2025-11-17,97,4.1\n"
    )
    assert len(found.editions) == 2


def test_what_is_empty_is_not_known_and_other_columns_are_named():
    found = reading("edition,attended,venue\nSpring,0,Town Hall\n")

    assert found.unknown == ("venue",)
    assert found.editions == (
        PastEdition(
            name="Spring", held=None, measures={Measure.ATTENDED: Decimal()}, is_imported=True
        ),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",5", "line 2, edition: is empty. Give the edition its name."),
        ("Spring,many", "line 2, attended: “many” is no whole number. Write it in digits, such as 181."),
        ("Spring,-1", "line 2, attended: “-1” is no whole number. Write it in digits, such as 181."),
        ("Spring,12.5", "line 2, attended: “12.5” is no whole number. Write it in digits, such as 181."),
        ("Spring,٣", "line 2, attended: “٣” is no whole number. Write it in digits, such as 181."),
        ("Spring,5,May", "line 2, held: “May” is no date. Write the first day as 2025-05-19."),
        ("Spring,5,31/02/25", "line 2, held: “31/02/25” is no date. Write the first day as 2025-05-19."),
        ("Spring,5,31/02/2025",
         "line 2, held: “31/02/2025” is no date. Write the first day as 2025-05-19."),
        ("Spring,5,,87", "line 2, score: “87” is no score. Write the average of the stars, such as 4.38."),
        ("Spring,5,,9.1",
         "line 2, score: is 9.1, and stars are from 1 to 5. Scale it before you import it."),
        ("Spring,5,,4.5,3", "line 2, score: is of fewer than 5 answers. Leave it empty."),
        ("Spring,5,,,,12,13", "line 2, goals_yes: is 13, more than the 12 who answered."),
        ("Spring,5,,,,12,",
         "line 2, goals_yes: is empty. Fill in both goal_answers and goals_yes, or neither."),
        ("Spring,5,,,,4,2", "line 2, goal_answers: is fewer than 5. Leave both empty."),
        ("Spring,,", "line 2: has no figures. Fill in at least one, or delete it."),
        ("S" * 101 + ",5", "line 2, edition: has 101 characters where 100 fit. Shorten it."),
        ("Spring,5\nspring,6", "line 3, edition: is in the file twice. Leave one row of it."),
    ],
)  # fmt: skip
def test_every_fault_says_where_it_is_and_what_to_do(row: str, fault: str):
    assert faults(f"edition,attended,held,score,answers,goal_answers,goals_yes\n{row}\n") == [fault]


def test_all_faults_are_found_at_once_and_one_takes_the_whole_file():
    assert faults("edition,attended\nSpring,many\nAutumn,5\n,7\n") == [
        "line 2, attended: “many” is no whole number. Write it in digits, such as 181.",
        "line 4, edition: is empty. Give the edition its name.",
    ]


def test_a_file_of_something_else_is_refused():
    assert faults("code,title\nGM1,Growth mindset\n") == [
        "line 1, edition: there is no column of this name. It says which edition each row is of."
    ]
    assert faults("edition,attended\n") == ["line 1: there are no rows below the column names."]
