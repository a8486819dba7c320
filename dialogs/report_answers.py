"""What an edition did, for organisers who ask in chat."""

from __future__ import annotations

from cards import talk
from cards.report import report_card
from dialogs.reply import Asker, Reply
from services.evaluation import Evaluation
from services.organisers import Organisers


class ReportAnswers:
    def __init__(self, evaluation: Evaluation, organisers: Organisers, *, public_url: str) -> None:
        self._evaluation = evaluation
        self._organisers = organisers
        self._page = f"{public_url}/desk/report"

    async def show(self, asker: Asker) -> Reply:
        """The main figures of the edition that began last. Raises LearningError where there is none."""
        if not await self._organisers.includes(asker.person.id):
            words = "Only organisers can see that. Ask your learning and development team."
            return Reply(card=talk.say(words), private=True)
        report = await self._evaluation.report()
        return Reply(card=report_card(report, self._page), private=True)
