"""
Writes `tests/golden/events/`: the bytes of one example of every type, frozen for ever.

    python tests/golden/make_events.py              write what is missing; refuse any other change
    python tests/golden/make_events.py --overwrite  write all; only before a type was ever published

TEST ONLY: every key, salt and id in these files is public.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "golden" / "events"
sys.path.insert(0, str(ROOT))  # so that it runs as a script from anywhere

from tests.ledger.events.examples import EXAMPLES, Example, sealed  # noqa: E402


def file_name(tag: str) -> str:
    """The golden file of a type: `dose-administered.1.json`."""
    return f"{tag.replace('/', '.')}.json"


def golden(example: Example) -> str:
    """The text of one golden file."""
    made = sealed(example)
    content = {
        "WARNING": "TEST ONLY: every key, salt and id in this file is public.",
        "blocks": [{"digest": block.digest, "name": block.name, "text": block.text} for block in made.blocks],
        "dig": made.envelope.dig,
        "envelope": made.envelope.raw.decode("ascii"),
        "payload": made.envelope.payload_bytes.decode("ascii"),
        "stream": example.stream,
        "type": example.event.type_tag(),
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the golden files; 1 when one would change and may not."""
    parser = argparse.ArgumentParser(description="Write tests/golden/events.")
    parser.add_argument("--overwrite", action="store_true", help="also change files that exist")
    overwrite = parser.parse_args(arguments).overwrite
    texts = {FOLDER / file_name(tag): golden(example) for tag, example in EXAMPLES.items()}
    changed = [path for path, text in texts.items() if path.exists() and path.read_text() != text]
    if changed and not overwrite:
        print("A golden file is never edited. These would change:", file=sys.stderr)
        print(*(f"  {path.name}" for path in changed), sep="\n", file=sys.stderr)
        print("Give the changed type a new version beside the old one.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
