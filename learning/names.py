"""What is a person's first name and what their last, from the one name that Teams shows."""

from __future__ import annotations

import re

LONGEST = 64
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")


def first_and_last(name: str) -> tuple[str, str]:
    """'Ada King', 'King, Ada' and 'King, Ada (Finance)' are Ada, King; of one word it is the first."""
    plain = " ".join(_ASIDE.sub(" ", name).split()) or " ".join(name.split())
    last, comma, first = plain.partition(",")
    if comma and first.strip() and last.strip():
        return first.strip()[:LONGEST], last.strip()[:LONGEST]
    first, _, last = plain.strip(", ").partition(" ")
    return first[:LONGEST], last[:LONGEST]
