"""The set is whole: every line says something that can be scored, about a programme that imports."""

from collections import Counter, defaultdict
from itertools import chain

import pytest

from language.calendar import When
from language.phrases import LONGEST
from learning.search import words
from tests.understanding import lines
from tests.understanding.answers import Answer, Part
from tests.understanding.lines import CHATTER, COLUMNS, FILES, NOTHING, PROGRAMMES, Line, read_lines
from tests.understanding.measure import mark, measure

LATER = 900
"""Numbers beyond this are those of the lines that were written later: none of them is held back."""

ALL = [line for path in FILES.values() for line in read_lines(path)]


def codes(programme: str) -> set[str]:
    return {session.code for session in lines.sessions(programme)}


def number(line: Line) -> int:
    return int(line.id.rpartition("-")[2])


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_programme_imports_without_a_fault(programme: str):
    reading = lines.reading(programme)

    assert (reading.faults, reading.notes) == ((), ())
    assert len(reading.details) >= 22


@pytest.mark.parametrize("split", FILES)
def test_every_row_has_every_column_and_nothing_beyond_them(split: str):
    rows = lines.read_table(FILES[split])

    assert [r for r in rows if list(r) != COLUMNS or None in r.values()] == []


def test_the_set_is_as_large_as_it_is_said_to_be():
    count = Counter((line.programme, line.category == CHATTER) for line in ALL)

    assert sum(n for (_, is_chatter), n in count.items() if not is_chatter) >= 700
    assert sum(n for (_, is_chatter), n in count.items() if is_chatter) >= 100
    assert {programme for programme, _ in count} == set(PROGRAMMES)
    assert min(Counter(line.programme for line in ALL).values()) >= 260


def test_every_id_is_there_once_and_names_its_programme_and_category():
    ids = [line.id for line in ALL]

    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert [x.id for x in ALL if x.id != f"{x.programme}-{x.category}-{number(x):02}"] == []


def test_every_third_line_of_a_category_is_held_back():
    held_back = {line.id for line in read_lines(FILES["held_back"])}

    early = [x for x in ALL if number(x) < LATER]
    assert [x.id for x in early if (x.id in held_back) != (number(x) % 3 == 0)] == []
    assert [x.id for x in ALL if number(x) > LATER] == [x.id for x in read_lines(FILES["later"])]


def test_the_lines_of_a_category_are_numbered_without_gaps_in_every_programme():
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    later: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in ALL:
        kept, number_ = (
            (later, number(line) - LATER) if number(line) > LATER else (numbers, number(line))
        )
        kept[line.programme, line.category].append(number_)

    assert [
        key
        for key, found in [*numbers.items(), *later.items()]
        if sorted(found) != [*range(1, len(found) + 1)]
    ] == []
    categories = {category for _, category in numbers}
    assert set(numbers) == {(p, c) for p in PROGRAMMES for c in categories}
    assert min(map(len, numbers.values())) >= 3


def test_nobody_opens_what_is_held_back_without_being_told():
    first, _ = FILES["held_back"].read_text(encoding="utf-8").split("\n", 1)

    assert first.startswith("#")
    assert "do not look" in first


def test_nothing_is_asked_twice():
    asked = Counter((x.programme, x.utterance.casefold(), x.before, x.shown, x.now) for x in ALL)

    assert [what for what, n in asked.items() if n > 1] == []


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.id)
def test_a_line_is_well_formed(line: Line):
    known = codes(line.programme)
    named = set(chain(line.shown, line.booked, *line.sessions))

    assert 0 < len(line.utterance) <= LONGEST
    assert line.utterance == " ".join(line.utterance.split())
    assert set(chain(*line.intents)) <= lines.COMMANDS | lines.NOT_YET
    assert named <= known
    assert len(line.sessions) in (0, 1, len(line.intents[0]))
    assert set(line.wants) <= lines.WANTS
    assert bool(line.first) == bool(line.last)
    assert line.names_days or (line.start, line.end) == ((None,), (None,))
    assert all(first <= line.last[-1] for first in line.first)
    assert all(a is None or b is None or a < b for a in line.start[:1] for b in line.end[:1])
    assert line.nothing_fits == (line.category == NOTHING)
    assert line.category != "followup" or (line.before and line.shown) or line.names_days
    assert line.category == CHATTER or ("none",) not in line.intents


@pytest.mark.parametrize(
    "line", [line for line in ALL if line.category == "paraphrase"], ids=lambda line: line.id
)
def test_a_paraphrase_has_no_word_of_the_session_that_it_means(line: Line):
    best = next(s for s in lines.sessions(line.programme) if s.code == line.sessions[0][0])
    details = best.details
    text = " ".join(
        [details.title, details.summary, *details.topics, *details.facilitators, details.audience]
    )

    assert set(words(line.utterance)) & set(words(text)) == set()


def test_the_expectations_can_all_be_met():
    def perfect(line: Line) -> Answer:
        when = None
        if line.names_days:
            when = When(
                first=line.first[0], last=line.last[0], start=line.start[0], end=line.end[0]
            )
        wanted = line.intents[0]
        groups = line.sessions or ((),) * len(wanted)
        return Answer(
            parts=tuple(
                Part(intent=intent, codes=group, when=when)
                for intent, group in zip(wanted, groups, strict=True)
            )
        )

    assert [line.id for line in ALL if not mark(line, perfect(line)).is_solved] == []


def test_an_understanding_that_takes_everything_for_a_wish_is_told_so():
    every = {code for programme in PROGRAMMES for code in codes(programme)}
    everything = Part(intent="find", codes=tuple(every))

    figures = measure(ALL, lambda _: Answer(parts=(everything,)))

    assert figures.accepted.right == figures.accepted.of
    assert figures.accepted.of == sum(line.category in (CHATTER, NOTHING) for line in ALL)
