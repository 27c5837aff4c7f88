"""Texts of every kind: what people write, and what no one does."""

from pathlib import Path

from hypothesis import strategies as st

STRANGE = (
    "İ", "ı", "ﬁ", "ß", "ẞ", "\u0301", "\u0344", "\ud800", "\udfff", "\x00", "\u200b", "\u202e",
    "😀", "\U0001f468\u200d\U0001f33e", "ℂ", "𝐍", "שלום", "贷款", "…", "。", "•", "\u2028", "\r\n",
)  # fmt: skip
"""Signs that have broken readers of texts: case, ligatures, marks, halves of pairs, directions."""

PHRASES = (
    "We need a loan of 20,000 euros.", "kein Kredit", "not", "?", "\n", ", ", "$1", "5 %", "1999",
    "no podemos pagar", "<b>prêt</b>", "expansion joint", " | ", "abrimos a segunda loja",
)  # fmt: skip

SIGNS = st.characters(exclude_categories=())
"""Any code point, half of a surrogate pair too."""

WILD = st.text(SIGNS) | st.lists(st.sampled_from(STRANGE + PHRASES)).map("".join)
"""Any text; phrases that rules look for among strange signs."""

WRITTEN = st.text() | st.lists(
    st.sampled_from([said for said in STRANGE + PHRASES if not "\ud800" <= said <= "\udfff"])
).map("".join)
"""Any text that UTF-8 can write."""


def table(name: str) -> list[list[str]]:
    """Return the rows of a file beside this one, without its comments."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
