"""`python -m tests.understanding.taught care`: how often the session that is meant is found first.

It says something of a workplace only if the model was taught without it: `training/README.md`.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from integrations import meanings
from language import examples
from language.examples import Example
from language.meaning import ProgrammeMeaning, texts_of_all
from learning.search import SearchIndex
from learning.sessions import Details, EditionId, Session, SessionId

MOST = 3


def places(some: Sequence[Example]) -> list[int]:
    """Where the session stands that each utterance means: 0 for first, -1 for not among the first three.

    Nothing of any workplace is remembered meanwhile: these utterances are among what is.
    """
    with tempfile.TemporaryDirectory() as nothing:
        meaning = meanings.load(workplaces=Path(nothing))
    assert meaning is not None, "make setup fetches the sentence model"
    sessions = [_session(number, example) for number, example in enumerate(some)]
    texts = sorted({text for own in texts_of_all(sessions) for text in own})
    vectors = dict(zip(texts, meaning.embed(texts), strict=True))
    means, index = ProgrammeMeaning(meaning, sessions, vectors), SearchIndex(sessions)

    def place(saying: str, meant: Session) -> int:
        matches = index.find(saying, MOST, near=means.nearness(saying))
        ids = [match.session.id for match in matches]
        return ids.index(meant.id) if meant.id in ids else -1

    return [
        place(saying, session)
        for session, example in zip(sessions, some, strict=True)
        for saying in example.sayings
    ]


def _session(number: int, example: Example) -> Session:
    details = Details(
        code=f"Z{number}",
        title=example.title,
        topics=tuple(example.topics),
        summary=example.summary,
    )
    return Session(id=SessionId(number), edition_id=EditionId(1), details=details)


if __name__ == "__main__":
    every = examples.programmes()
    for name in sys.argv[1:] or every:
        found = places(every[name])
        first, near = found.count(0) / len(found), 1 - found.count(-1) / len(found)
        print(f"{name}: of {len(found)} utterances {first:.1%} first, {near:.1%} among three")
