"""Texts to measure signal detection on: real ones of the corpus, and hostile ones."""

import random
from collections.abc import Iterator

from services.signals import corpus
from services.signals.language import SUPPORTED
from services.signals.model import shipped

PAGE = 5_000
"""Code points of a page (issue of the service: 5 KB)."""

LONGEST_MESSAGE = 300
"""Code points of a short message."""

SEED = 20_261_122
"""Of what goes onto a page; any number would do."""

OPENING = "We need to tell you about it. " * 10
"""What hostile texts begin with: 300 code points, so that they are taken for English and read."""

REPEATED = {
    "digits": "1",
    "digits and commas": "1,",
    "sums": "$1",
    "sums in words": "5 k ",
    "thousands": "1 000 ",
    "percentages": "5% ",
    "percentages, emoji": "5% 😀",
    "years": "1990 ",
    "a digit, spaces": "1" + " " * 50,
    "nested quotes": "“\"'«",
    "brackets": "((a) ",
    "one long word": "a",
    "words of one letter": "a ",
    "negations": "not ",
    "negated candidates": "we do not need a loan, nicht kein ",
    "candidates": "we need a loan 5 k ",
    "candidates, a sentence each": "we need a loan. ",
    "candidates, a clause each": "we need a loan, not a bank, ",
    "candidates of all types": "need a loan adviser cannot pay wages opening second shop hiring ",
    "questions": "Loan? ",
    "full stops": ". ",
    "sentences of a letter": "a. ",
    "new lines": "\n",
    "words and new lines": "a\n",
    "commas": ",",
    "commas and spaces": ", ",
    "emoji": "😀",
    "zero width": "\u200b",
    "zero width in words": "l\u200bo\u200ba\u200bn ",
    "combining marks": "\u0301",
    "right to left": "שלום ",
    "capital İ": "İ",
    "ligatures": "ﬁ ",
    "no sign at all": "\x00",
}
"""What a hostile text repeats, by what it is called."""


RUNS = {
    "a run of spaces": " ",
    "a run of tabs": "\t",
    "a run of full stops": ".",
    "a run of commas": ",",
    "lines of a space": " \n",
    "bullets": " |",
}
"""What hostile texts repeat up to their last letter, which a pattern learns of too late."""


def hostile(length: int) -> dict[str, str]:
    """Return hostile texts of *length* code points, by name."""
    texts = {name: (OPENING + said * length)[:length] for name, said in REPEATED.items()}
    far = "business " * (length // 9)
    texts["expansion far from its business"] = (OPENING + far)[: length - 10] + " expansion"
    for name, sign in RUNS.items():
        texts[name] = (OPENING + sign * length)[: length - 1] + "a"
    texts["words that differ"] = _differing(length)
    texts["every word of the model"] = (OPENING + " ".join(sorted(_words())))[:length]
    return texts


def messages() -> list[str]:
    """Return the corpus's short messages in the languages that are read, in one order."""
    texts = [text for text in corpus.shipped() if text.language in SUPPORTED]
    short = [text.text for text in texts if len(text.text) <= LONGEST_MESSAGE]
    random.Random(SEED).shuffle(short)
    return short


def pages(count: int, length: int = PAGE) -> list[str]:
    """Return *count* pages: corpus texts of one language, a paragraph each, cut to *length*."""
    rng = random.Random(SEED)
    spoken: dict[str, list[str]] = {code: [] for code in SUPPORTED}
    for text in corpus.shipped():
        if text.language in spoken:
            spoken[text.language].append(text.text)
    return [
        "\n\n".join(_drawn(rng, rng.choice(list(spoken.values())), length))[:length]
        for _ in range(count)
    ]


def _drawn(rng: random.Random, texts: list[str], length: int) -> Iterator[str]:
    while length > 0:
        text = rng.choice(texts)
        length -= len(text)
        yield text


def _differing(length: int) -> str:
    return (OPENING + " ".join(f"{number:x}ation" for number in range(length // 6)))[:length]


def _words() -> Iterator[str]:
    return filter(str.isalpha, shipped().stored.names.decode().split("\n"))
