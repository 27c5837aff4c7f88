"""`python -m bench.intake`: of made-up payloads, how many are understood, field by field.

Seeds 1 to 9 are for development: `--show` lists what went wrong. Seed 101 is what is reported;
nothing is tuned to its cases. `judge` counts the payloads that somebody else wrote by hand
(`bench.intake.judge`). *Swapped* is what must never be: somebody else's address or number,
or another field's text.
"""

import argparse
from collections import Counter

import phonenumbers

from bench.intake.judge.count import judge
from bench.intake.payloads import Payload, payload
from bench.intake.people import forms
from bench.intake.shares import interval
from services.dedup.intake.decoding import payload as decoded
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.sent import Sent
from services.dedup.intake.understanding import understood

FIELDS = ("email", "phone", "name", "company")


def main() -> None:
    """Understand the payloads of the seeds, or the judge's, and print how much is right."""
    parser = argparse.ArgumentParser(prog="bench.intake", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("seeds", "judge"), default="seeds")
    parser.add_argument("--seeds", default="101")
    parser.add_argument("--payloads", type=int, default=2000, help="of each seed")
    parser.add_argument(
        "--show", type=int, default=0, help="faults to print (seeds 1 to 9, the judge)"
    )
    chosen = parser.parse_args()
    if chosen.what == "judge":
        judge(chosen.show)
        return
    counts: Counter[tuple[str, str]] = Counter()
    shown = 0
    for seed in map(int, chosen.seeds.split(",")):
        for place in range(chosen.payloads):
            one = payload(seed, place)
            fields = _understood(one)
            for name, verdict in verdicts(one, fields).items():
                counts[name, verdict] += 1
                if verdict != "right" and shown < chosen.show and seed < 10:
                    shown += 1
                    print(name, verdict, one.language, one.shape, fields, one.truth)
                    print("   ", one.raw.decode("utf-8", "replace")[:900])
    _report(counts)


def _understood(one: Payload) -> dict[str, str]:
    items = GENERIC.items(decoded(one.raw, one.content_type))
    if not items or not isinstance(items[0], Sent):
        return {}
    return understood(items[0], {}, "generic").fields


def verdicts(one: Payload, fields: dict[str, str]) -> dict[str, str]:
    """Return for each field: right, missing, wrong or swapped."""
    truth = one.truth
    country = forms()[one.language]["country"]
    number = _e164(fields.get("phone", ""), country)
    name = _words(fields.get("name") or _whole(fields))
    firm = fields.get("company", "")
    return {
        "email": _verdict(fields.get("email", "").lower(), truth.email, one.others),
        "phone": _verdict(number, truth.e164, one.others),
        "name": "missing" if not name else "right" if name == _words(
            f"{truth.given} {truth.family}") or name == _words(truth.name) else
            "swapped" if name == _words(truth.company) else "wrong",
        "company": _verdict(firm, truth.company, {truth.name, truth.given, truth.family}),
    }  # fmt: skip


def _verdict(told: str, wanted: str, others: set[str]) -> str:
    if not told:
        return "missing"
    if told == wanted:
        return "right"
    return "swapped" if told in others else "wrong"


def _whole(fields: dict[str, str]) -> str:
    return f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()


def _words(text: str) -> list[str]:
    return sorted(text.casefold().replace(",", " ").split())


def _e164(text: str, country: str) -> str:
    try:
        read = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _report(counts: Counter[tuple[str, str]]) -> None:
    print(
        f"{'field':8} {'right':>7} {'95 % interval':>15} {'missing':>8} {'wrong':>6} {'swapped':>8}"
    )
    for name in FIELDS:
        told = {v: counts[name, v] for v in ("right", "missing", "wrong", "swapped")}
        total = sum(told.values())
        low, high = interval(told["right"], total)
        print(
            f"{name:8} {100 * told['right'] / total:6.2f}% {100 * low:6.2f}–{100 * high:.2f} %"
            f" {told['missing']:8} {told['wrong']:6} {told['swapped']:8}"
        )


if __name__ == "__main__":
    main()
