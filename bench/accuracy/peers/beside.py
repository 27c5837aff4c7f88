"""The check and its peers side by side, on the same leads."""

from collections.abc import Iterator, Sequence

from bench.accuracy import measures, report
from bench.accuracy.peers.run import Peer

NARROW = 9
"""Width of a column of shares."""


def text(title: str, judged: Sequence[Peer]) -> str:
    """Return the table of everybody's figures, then of each kind's share acted on."""
    return "\n".join([title, *_headlines(judged), "", *_kinds(judged), ""])


def summary(judged: Sequence[Peer]) -> list[dict[str, object]]:
    """Return the same as JSON."""
    return [_summary(peer) for peer in judged]


def _summary(peer: Peer) -> dict[str, object]:
    if peer.failure:
        return {"title": peer.title, "failure": peer.failure}
    about: dict[str, object] = {"seconds": peer.seconds, "threshold": peer.threshold}
    best = measures.best_accuracy(measures.decidable(peer.cases)).share
    return about | report.summary(peer.title, peer.cases) | {"best_accuracy": best}


def _headlines(judged: Sequence[Peer]) -> Iterator[str]:
    heads = ("at", "accuracy", "FPR", "FNR", "recall*", "person", "best**", "seconds")
    yield f"{'':40}" + "".join(f"{head:>{NARROW}}" for head in heads)
    for number, peer in enumerate(judged):
        if peer.failure:
            yield f"{_name(number, peer):40}  NOT RUN: {peer.failure}"
            continue
        sure = measures.decidable(peer.cases)
        rates = measures.headline(sure)
        names = ("accuracy", "fpr_flag", "fnr", "recall_at_fpr", "right_person")
        shares = [*(rates[name] for name in names), measures.best_accuracy(sure)]
        cells = "".join(f"{rate.share:{NARROW}.2%}" for rate in shares)
        at = f"{peer.threshold:{NARROW}.2f}"
        yield f"{_name(number, peer):40}{at}{cells}{peer.seconds:{NARROW}.0f}"
    yield "at: its own threshold; * at 0.5 % false positives; ** accuracy at the best threshold"


def _kinds(judged: Sequence[Peer]) -> Iterator[str]:
    yield f"{'acted on, by kind':40}" + "".join(f"{f'[{n}]':>{NARROW}}" for n in range(len(judged)))
    by_kind = [
        measures.grouped(measures.decidable(peer.cases), lambda case: case.arrival.kind)
        for peer in judged
    ]
    for kind in by_kind[0]:
        shares = [
            f"{measures.rate(kinds[kind], lambda case: case.acted).share:{NARROW}.1%}"
            if kind in kinds
            else f"{'-':>{NARROW}}"
            for kinds in by_kind
        ]
        yield f"{kind:40}{''.join(shares)}"


def _name(number: int, peer: Peer) -> str:
    return f"[{number}] {peer.title}"
