"""Telling a need from chatter, on what the product's own examples do not say."""

import numpy as np
import pytest

from integrations import meanings
from language.leaning import Leaning, between
from language.meaning import Meaning


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    found = meanings.load()
    assert found is not None, "make setup fetches the sentence model"
    return found


@pytest.mark.parametrize(
    "text",
    [
        "how do I stop putting off the difficult letters",
        "my team went remote and nobody talks to anybody any more",
        "I would like to be quicker with pivot tables",
        "nobody showed me how minutes are meant to be taken",
    ],
)
def test_a_need_leans_one_way(meaning: Meaning, text: str):
    assert meaning.thought(text).leaning > 0


@pytest.mark.parametrize(
    "text",
    [
        "the lift is making that noise again",
        "haha brilliant",
        "did anybody watch the snooker last night",
        "who has had my mug",
    ],
)
def test_and_chatter_the_other(meaning: Meaning, text: str):
    assert meaning.thought(text).leaning < 0


def test_what_says_nothing_leans_nowhere(meaning: Meaning):
    assert meaning.thought("").leaning == 0


def test_half_way_between_the_two_means_is_zero():
    draw = np.random.default_rng(7)
    needs = draw.normal([0.6, 0.0, 0.1], [0.1, 0.4, 0.1], (400, 3)).astype(np.float32)
    chatter = draw.normal([0.2, 0.0, 0.1], [0.1, 0.4, 0.1], (50, 3)).astype(np.float32)

    leaning = Leaning(between(needs, chatter))

    middle = ((needs.mean(axis=0) + chatter.mean(axis=0)) / 2).astype(np.float32)
    assert leaning.of(middle) == pytest.approx(0, abs=1e-4)
    assert leaning.of(np.array([0.55, 0.9, 0.1], np.float32)) > 0
    assert leaning.of(np.array([0.25, -0.9, 0.1], np.float32)) < 0
