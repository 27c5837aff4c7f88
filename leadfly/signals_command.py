"""`leadfly signals`: read a text, judge the model, train one on texts of one's own."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from leadfly.installation import as_application
from leadfly.terminal import say
from services.signals import corpus, feedback_store, model, quality
from services.signals.corpus import Labelled
from services.signals.detection import detect
from services.signals.kinds import KINDS
from services.signals.model import Model, UnknownModel
from shared.errors import Malformed
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

ACTS = ("read", "check", "train")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="|".join(ACTS))
    about = "Show the signals of one text, from the argument or standard input"
    reading = acts.add_parser("read", help=about, description=about)
    reading.add_argument("text", nargs="?", help="the text (default: standard input)")
    about = "Judge the model by labelled texts"
    checking = acts.add_parser("check", help=about, description=about)
    checking.add_argument("--texts", type=Path, help="JSON Lines (default: the set-aside texts)")
    about = "Train a model on the shipped texts and your own"
    training = acts.add_parser("train", help=about, description=about)
    training.add_argument("--texts", type=Path, nargs="*", default=[], help="JSON Lines of yours")
    training.add_argument("--only-texts", action="store_true", help="leave the shipped texts out")
    training.add_argument("--tenant", help="an account whose reviewed texts are learned from, too")
    training.add_argument("--out", type=Path, required=True, help="the file to write")
    for act in (reading, checking):
        act.add_argument(
            "--model", type=Path, help="a file of `train` (default: LEADFLY_SIGNALS_MODEL)"
        )


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises Malformed for texts or a model that cannot be read."""
    {"read": _read, "check": _check, "train": _train}[arguments.act](arguments, settings)


def _read(arguments: argparse.Namespace, settings: Settings) -> None:
    text = arguments.text if arguments.text is not None else sys.stdin.read()
    found = detect(text, _model(arguments, settings))
    say(f"language {found.language.code}{'' if found.language.supported else ', not read'}")
    for signal in found.signals:
        say(f"{signal.type} {signal.confidence:.0%} by {signal.rule}: {signal.content}")
    for one in found.suppressed:
        say(f"no {one.type}: {one.content} ({one.reason})")


def _check(arguments: argparse.Namespace, settings: Settings) -> None:
    chosen = _model(arguments, settings)
    texts = _file(arguments.texts) if arguments.texts else corpus.set_aside()
    if not texts:
        raise Malformed(details={"--texts": "holds no text"})
    judged = quality.judged(texts, lambda text: detect(text, chosen))
    say(f"model {chosen.version}")
    say("\n".join(quality.report(judged, tuple(KINDS))))


def _train(arguments: argparse.Namespace, settings: Settings) -> None:
    try:
        from services.signals.training import train
    except ImportError:
        lacking = "needs scikit-learn: pip install 'leadfly[train]'"
        raise Malformed(details={"train": lacking}) from None
    texts = [] if arguments.only_texts else corpus.shipped()
    texts += [text for path in arguments.texts for text in _file(path)]
    texts += _reviewed(arguments.tenant, settings) if arguments.tenant else []
    try:
        made = train(texts, f"{datetime.now(UTC):%Y.%m.%d}-{len(texts)}", say)
    except ValueError as error:
        raise Malformed(details={"--texts": str(error)}) from None
    _write(arguments.out, model.packed(made))
    say(
        f"{arguments.out}: {len(made.weights)} features; LEADFLY_SIGNALS_MODEL names it to services"
    )


def _reviewed(tenant_id: str, settings: Settings) -> list[Labelled]:
    gate = Gate(settings.mode, keyring(settings))
    with as_application(settings) as database, database.transaction(tenant_id) as conn:
        return list(feedback_store.labelled(conn, gate, tenant_id))


def _file(path: Path) -> list[Labelled]:
    try:
        return corpus.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(details={str(path): f"cannot be read: {type(error).__name__}"}) from None


def _model(arguments: argparse.Namespace, settings: Settings) -> Model:
    path = arguments.model or settings.signals_model
    try:
        return model.read(path) if path else model.shipped()
    except (OSError, UnknownModel) as error:
        raise Malformed(details={str(path): f"is no model: {type(error).__name__}"}) from None


def _write(path: Path, data: bytes) -> None:
    """Write the file whole or not at all: services may be starting from it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
