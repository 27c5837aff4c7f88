"""`python -m bench`: one entry of COMMANDS, at the foot, is one benchmark."""

import argparse
from pathlib import Path

from bench import (
    alert_rules,
    auth,
    breakdown,
    crawler,
    dedupe,
    discovery,
    door,
    imports,
    lead_lists,
    limits,
    matching_rank,
    outage,
    plans,
    rekey,
    scan,
    seen_keys,
    signals,
    slow_clients,
    speed,
    suppression_lists,
    tenants,
    training,
)


def main(arguments: list[str] | None = None) -> None:
    """Run one benchmark; without a name, `speed`."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="speed")
    parser.add_argument("--leads", default="", help="numbers of leads, such as 10000,100000")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one round")
    parser.add_argument("--home", type=Path, default=Path(".leadfly-bench"))
    about = "signals: count what is told of these texts, one a line, none of which holds a signal"
    parser.add_argument("--ordinary", type=Path, metavar="FILE", help=about)
    chosen = parser.parse_args(arguments)
    if chosen.ordinary:
        signals.ordinary(chosen.ordinary)
        return
    call, usual = COMMANDS[chosen.command]
    sizes = [int(number) for number in (chosen.leads or usual).split(",")]
    call(chosen.home, sizes, chosen.seconds)


COMMANDS = {
    "alert-rules": (alert_rules.run, "1000"),
    "speed": (speed.run, "10000,100000,1000000"),
    "profile": (breakdown.run, "100000"),
    "plans": (plans.run, "100000"),
    "auth": (auth.run, "10000"),
    "crawler": (crawler.run, "50"),
    "dedupe": (dedupe.run, "1000000"),
    "discovery": (discovery.run, "10000"),
    "door": (door.run, "10000"),
    "imports": (imports.run, "100000,1000000"),
    "leads": (lead_lists.run, "1000000"),
    "limits": (limits.run, "0"),
    "matching-rank": (matching_rank.run, "1000000"),
    "rekey": (rekey.run, "100000"),
    "scan": (scan.run, "100000"),
    "outage": (outage.run, "10000"),
    "seen": (seen_keys.run, "1000000"),
    "signals": (signals.run, "1000"),
    "slow-clients": (slow_clients.run, "1000"),
    "suppression": (suppression_lists.run, "1000000,5000000"),
    "tenants": (tenants.run, "100000"),
    "training": (training.run, "100000"),
}
"""What each benchmark does, and at how many leads where nobody says."""

if __name__ == "__main__":
    main()
