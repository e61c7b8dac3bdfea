"""Answers to the pack's further questions, as a request keeps and shows them.

What is asked, and whether an answer fits, is `linli.kernel.packs.questions`.
"""

from linli.mechanisms.casework.questions.keeping import keep_answers
from linli.mechanisms.casework.questions.showing import Answered, answers_of

__all__ = ["Answered", "answers_of", "keep_answers"]
