"""A year of arrivals: strangers, people who return, and people who only seem to.

Half of the arrivals are new and unremarkable, a quarter are duplicates, a quarter are new people
who look like somebody known. Most scenes open with a first lead of their own; a few are played
by somebody who has arrived already, so that families, firms and returns grow beyond pairs.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.judge import careers, households, mailboxes, numbers, spellings, strangers, workplaces
from bench.judge.stage import FORMS, Encore, Lead, Scene, Stage, later
from bench.judge.world import Person, World, countries
from bench.leads.arrival import Arrival

BEGIN = datetime(2025, 3, 3, 6, tzinfo=UTC)
"""The first morning of the year of arrivals."""

FIRST_DAYS = 330
"""Days in which first leads arrive; what follows may come later."""

REUSED = 0.3
"""Share of scenes played by somebody who has arrived already."""

DUPLICATES: dict[str, Scene] = mailboxes.SCENES | numbers.SCENES | spellings.SCENES | careers.SCENES
NEGATIVES: dict[str, Scene] = workplaces.SCENES | households.SCENES | strangers.SCENES
"""Every kind by its name, without its `dup:` or `neg:`."""

ONE_NAME = {
    "homonym_colleagues", "father_and_son", "senior_and_junior", "senior_and_junior_one_line",
    "same_name_elsewhere", "same_name_in_country", "same_name_same_town", "same_name_two_numbers",
    "same_local_part", "numbered_mailboxes", "near_mailbox", "near_phone", "sequential_phones",
    "direct_dials", "lookalike_domain", "fellow_students", "same_romanisation", "near_names",
    "same_digits_other_country", "recycled_number", "recycled_number_nameless",
}  # fmt: skip
"""Scenes for two: a third player might be taken for the second."""

RETURNING = {
    "neg:colleague_same_domain", "neg:colleague_same_first", "neg:colleague_same_last",
    "neg:spouses_in_firm", "neg:franchise", "neg:similar_company", "neg:homonym_colleagues",
}  # fmt: skip
"""Scenes whose second player returns now and then with the work mailbox."""

RETURNS = ("same_again", "typo_work_domain")
"""How they return."""


@dataclass(slots=True)
class _Draft:
    """An arrival before its place in the order is known."""

    at: datetime
    lead: Lead
    me: Person
    kind: str
    ip: str | None
    source: str
    ambiguous: bool = False
    of: "_Draft | None" = None
    cast: list[Person] = field(default_factory=list)


def arrivals(seed: int, people: int) -> list[Arrival]:
    """Return about 4/3 *people* labelled leads, the same for the same *seed*, sorted by time."""
    rng = random.Random(seed)
    stage = Stage(rng, World(rng))
    drafts: list[_Draft] = []
    played: dict[str, list[_Draft]] = {}
    firsts = round(people * 2 / 3)
    for n in range(firsts):
        kinds = DUPLICATES if n % 2 else NEGATIVES
        sign = "dup" if n % 2 else "neg"
        name = rng.choices(list(kinds), [scene.weight for scene in kinds.values()])[0]
        scene = kinds[name]
        if (
            rng.random() < REUSED
            and name not in ONE_NAME
            and played.get(name)
            and (more := _another(stage, scene, rng.choice(played[name]), f"{sign}:{name}"))
        ):
            drafts.append(more)
            continue
        opening = _opening(stage, scene)
        encore = _encore(stage, scene, opening, f"{sign}:{name}")
        drafts += [opening, encore]
        opening.cast = [encore.me]
        played.setdefault(name, []).append(opening)
        if f"{sign}:{name}" in RETURNING and rng.random() < REUSED:
            kind = rng.choice(RETURNS)
            drafts.append(_encore(stage, DUPLICATES[kind], encore, f"dup:{kind}"))
    spare = firsts - sum(draft.kind == "first" for draft in drafts)
    drafts += [_unremarkable(stage) for _ in range(spare)]
    return _in_order(drafts)


def _opening(stage: Stage, scene: Scene) -> _Draft:
    me = scene.before(stage, _player(stage, scene))
    return _first(stage, me, scene.first)


def _player(stage: Stage, scene: Scene) -> Person:
    """Return somebody who can play *scene*, the more populous countries more often."""
    allowed, cultures = scene.countries.split(), scene.cultures.split()
    table = countries()
    codes = [code for code, about in table.items()
             if (not allowed or code in allowed)
             and (not cultures or set(cultures) & set(about["cultures"].split()))]  # fmt: skip
    weights = [table[code]["weight"] for code in codes]
    while True:
        me = stage.world.person(stage.rng.choices(codes, weights)[0])
        if (not cultures or me.culture in cultures) and scene.can(me):
            return me


def _unremarkable(stage: Stage) -> _Draft:
    source = stage.rng.choice(list(FORMS))
    draft = _first(stage, stage.world.person(), FORMS[source])
    draft.source = source
    return draft


def _first(stage: Stage, me: Person, form: str) -> _Draft:
    rng = stage.rng
    at = BEGIN + timedelta(days=rng.uniform(0, FIRST_DAYS))
    ip = rng.choice((me.ip, me.ip, me.firm.ip, None))
    source = rng.choice(("contact-form", "pricing-page", "facebook-leads", "demo-request"))
    lead = stage.fill(me, form)
    while not lead.keys() & {"email", "phone"}:
        lead = stage.fill(me, form)
    return _Draft(at, lead, me, "first", ip, source)


def _encore(stage: Stage, scene: Scene, opening: _Draft, kind: str) -> _Draft:
    encore: Encore = scene.act(stage, opening.me, opening.lead)
    ip = encore.ip or stage.rng.choice((encore.person.ip, encore.person.firm.ip, None))
    if encore.ip == opening.me.ip:
        opening.ip = encore.ip
    at = opening.at + later(encore.days, stage.rng)
    lead = {name: text for name, text in encore.lead.items() if text}
    return _Draft(at, lead, encore.person, kind, ip, encore.source, encore.ambiguous, opening)


def _another(stage: Stage, scene: Scene, opening: _Draft, kind: str) -> _Draft | None:
    """Return one more encore to *opening*, or None if it would spoil the earlier ones."""
    before = dict(opening.lead)
    more = _encore(stage, scene, opening, kind)
    names = {(me.given, me.family) for me in opening.cast}
    if opening.lead != before or (
        kind.startswith("neg") and (more.me.given, more.me.family) in names
    ):
        opening.lead = before
        return None
    opening.cast.append(more.me)
    return more


def _in_order(drafts: list[_Draft]) -> list[Arrival]:
    drafts.sort(key=lambda draft: draft.at)
    place = {id(draft): position for position, draft in enumerate(drafts)}
    seen: set[int] = set()
    result = []
    for draft in drafts:
        me = draft.me
        of = place[id(draft.of)] if draft.of else None
        result.append(
            Arrival(draft.lead, draft.at, draft.ip, draft.source, me.number, me.number in seen,
                    draft.kind, me.country, countries()[me.country]["group"], draft.ambiguous, of)
        )  # fmt: skip
        seen.add(me.number)
    return result
