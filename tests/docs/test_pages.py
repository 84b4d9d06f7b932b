"""All pages: links lead somewhere, sentences have their own line, decisions have their four parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
GENERATED = {"events.md"}
OWN = sorted(page for page in DOCS.rglob("*.md") if page.name not in GENERATED | {"stories.md"})
DECISIONS = sorted((DOCS / "adr").glob("*.md"))


def prose(page: Path) -> str:
    """A page without its code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^    .*$", "", text, flags=re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as most renderers make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", OWN, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", prose(page)):
        file = page if not target[0] else (page.parent / target[0]).resolve()
        assert file.exists(), f"{page.name} links to {target[0]}, which is not there"
        if target[1]:
            assert target[1] in anchors(file), f"{page.name} links to the heading {target[1]}, which is not there"


@pytest.mark.parametrize("page", OWN, ids=lambda page: page.name)
def test_files_named_in_the_text_exist(page: Path) -> None:
    root = DOCS.parent
    named = re.findall(r"`((?:ledger|tests|api|projections|docs)/[\w./-]+\.(?:py|md|json|yaml))`", prose(page))
    missing = [name for name in named if not (root / name).exists() and name != "ledger/ledger.json"]

    assert not missing, f"{page.name} names files that are not there: {', '.join(missing)}"


@pytest.mark.parametrize("page", OWN, ids=lambda page: page.name)
def test_one_sentence_a_line(page: Path) -> None:
    lines = [
        line
        for line in prose(page).splitlines()
        if not line.startswith(("|", "#", "- ")) and not re.match(r"\d+\. ", line)
    ]
    crowded = [line for line in lines if re.search(r"[a-z`)*][.?!]\*{0,2} [A-Z]", line)]

    assert not crowded, f"{page.name} has two sentences on one line:\n" + "\n".join(crowded)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_has_four_parts_on_one_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    parts = [text.find(f"**{part}**") for part in ("Context.", "Decision.", "Consequence.", "We would change this if")]
    assert -1 not in parts
    assert parts == sorted(parts)
    assert len(text.splitlines()) <= 50
    assert text.startswith(f"# {int(page.name[:4])}. ")
