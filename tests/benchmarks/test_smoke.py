"""The benchmarks run and yield every figure; how large the figures are is never a test."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("nacl", reason="PyNaCl is only there to compare with")

from api.commands.verify import verify_folder
from benchmarks import postgres
from benchmarks.clinic import open_bench
from benchmarks.dashboards import WHAT, dashboards_kept
from benchmarks.figure import Figure
from benchmarks.filling import PER_SESSION, fill_fast
from benchmarks.postgres import missing
from benchmarks.reading import read_session
from benchmarks.rebuilding import rebuilding
from benchmarks.report import BEGIN, END, report
from benchmarks.run import Effort, figures, keep
from benchmarks.slow_disk import SlowSync
from projections import VIEWS

COMPILER = shutil.which("cc")
"""Makes syncs slow; where there is none, a row says that this was not measured."""
SMALL = Effort(
    events=100,
    rounds=3,
    each_writer=1,
    sizes=(300, 400),
    npm=False,
    postgres=False,
    slow=(SlowSync(1, writers=2),),
)
"""
Without npm, which would fetch something: hypercore is then a figure that says why it was not measured.

Without PostgreSQL, of which there is a test of its own.
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    return list(figures(tmp_path_factory.mktemp("bench"), SMALL))


def test_every_figure_is_there(measured: list[Figure]) -> None:
    assert [each.key for each in measured] == [
        *(f"append.{name}" for name in ("disk", "sqlite", "library", "pymerkle", "hypercore", "ours", "ours.p95")),
        *(f"writers.{count}.{name}" for count in (1, 8, 64) for name in ("library", "ours")),
        *(f"slow.1.{name}" for name in ("disk", "library", "ours", "writers.2.library", "writers.2.ours") if COMPILER),
        *(() if COMPILER else ("slow.1",)),
        *("post", "post.p95"),
        *(f"verify.{name}" for name in ("openssl", "openssl.all", "sodium", "sodium.all", "ours", "ours.openssl")),
        *("receipt.make", "receipt.check", "views.rebuild", "judge.first", "judge.again", "judge.session"),
        *(f"dash.rebuild.{view.name}" for view in VIEWS),
        *(f"dash.{name}" for name in ("timeline", "course", "sessions", "search", "pending", "open")),
        *(f"dash.question.{name}" for name in ("session", "everything", "tasks", "all-tasks")),
        "dash.lag",
        *(f"flat.{name}.{size}" for name in ("append", "receipt", "session") for size in SMALL.sizes),
    ]


def test_each_figure_has_a_value_or_says_loudly_that_it_was_not_measured(measured: list[Figure]) -> None:
    for each in measured:
        assert each.unit and each.title
        assert each.value > 0 or "**not measured**" in each.title
    lacking = [each.key for each in measured if not each.value]
    assert "append.hypercore" in lacking
    assert set(lacking) <= {"append.hypercore", "append.pymerkle", *(() if COMPILER else ("slow.1",))}


def test_what_is_aimed_at_stands_beside_the_figure_and_is_reached_or_not(measured: list[Figure]) -> None:
    aimed = {each.key: each.aim for each in measured if each.aim}

    assert {key.rpartition(".")[0] if key.startswith("flat") else key for key in aimed} == {
        "append.ours",
        "writers.64.ours",
        "verify.ours",
        "verify.ours.openssl",
        "receipt.make",
        "judge.session",
        *(f"dash.{name}" for name in ("timeline", "course", "sessions", "search", "pending", "open", "lag")),
        "flat.append",
        "flat.receipt",
        "flat.session",
    }
    assert all((each.reached is None) == (each.aim == "") for each in measured)


@pytest.mark.soak
@pytest.mark.skipif(bool(missing()), reason=f"nothing to build views beside: {missing()}")
def test_the_library_builds_the_same_rows_of_every_view(tmp_path: Path) -> None:
    """That they are as many in each table the part asserts itself."""
    beside = list(rebuilding(tmp_path / "story", 1))

    assert [each.key for each in beside] == [f"rebuild.{view.name}{end}" for view in VIEWS for end in (".library", "")]
    assert all(each.ratio and each.aim == "at least 20 x" for each in beside if each.key.count(".") == 1)


def test_without_a_postgresql_it_is_said_loudly_and_no_row_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgres, "_programs", lambda: None)

    assert list(rebuilding(tmp_path / "story", 1)) == []

    assert "NOT MEASURED" in capsys.readouterr().err


def test_a_ledger_filled_fast_is_right_to_the_last_byte(tmp_path: Path) -> None:
    bench = open_bench(tmp_path / "ledger")

    sessions = fill_fast(bench, 400)

    found = verify_folder(tmp_path / "ledger")
    assert (found.problems, found.size, found.withheld) == ((), 400, 0)
    assert len(sessions) == 5
    session = read_session(bench, sessions[0])
    assert session.status == "scheduled"
    assert session.a.last_check_at is not None and session.b.last_check_at is not None
    assert len(bench.store.stream_rows(f"{sessions[0]}/a")) + len(bench.store.stream_rows(f"{sessions[0]}/b")) == (
        PER_SESSION - 1
    )
    bench.store.close()


def test_a_kept_ledger_is_right_to_the_last_byte_and_is_asked_again_without_being_made_anew(tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    first, again = (list(dashboards_kept(kept, 200, 2)) for _ in range(2))

    found = verify_folder(kept)
    assert (found.problems, found.size, found.withheld) == ((), 200, 0)
    assert {each.key for each in first} - {each.key for each in again} == {"dash.built.200"}
    assert {each.key for each in again} == {f"dash.{name}.200" for name in WHAT}


def test_figures_are_kept_one_by_one_and_the_page_says_them_the_same_twice(
    measured: list[Figure], tmp_path: Path
) -> None:
    kept, readme = tmp_path / "figures.json", tmp_path / "README.md"
    readme.write_text(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    keep(measured, kept)
    keep([replace(measured[0], value=1234.0)], kept)

    report(readme, kept, tmp_path / "charts")
    once = readme.read_text()
    report(readme, kept, tmp_path / "charts")

    assert readme.read_text() == once
    assert once.startswith("# Before\n") and once.endswith("\nAfter.\n") and "old" not in once
    assert "1 234 ms" in once
    assert len(json.loads(kept.read_text())) == len(measured)
    for each in measured[1:]:
        assert each.title in once
    assert re.search(r"reached|\*\*not reached\*\*", once)


def test_the_charts_are_svg_with_their_numbers_as_text(measured: list[Figure], tmp_path: Path) -> None:
    kept, readme = tmp_path / "figures.json", tmp_path / "README.md"
    readme.write_text(f"{BEGIN}{END}")
    keep(measured, kept)

    report(readme, kept, tmp_path / "charts")

    drawn = {path.name: ET.parse(path).getroot() for path in (tmp_path / "charts").iterdir()}  # noqa: S314
    assert set(drawn) == {"append.svg", "writers.svg", "verify.svg", "flat.svg"}
    for name, root in drawn.items():
        said = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
        assert "ours" in said or name == "flat.svg"
        assert re.search(r"\d", said)
        assert f"charts/{name}" in readme.read_text()


def test_where_a_sync_takes_longer_it_does_for_both_and_the_rows_say_so(measured: list[Figure]) -> None:
    if COMPILER is None:
        pytest.skip("NOT TESTED: slow syncs: there is no C compiler here")
    slow = {each.key.removeprefix("slow.1."): each for each in measured if each.key.startswith("slow")}

    assert slow["disk"].value >= 2 and slow["library"].value >= 1 and slow["ours"].value >= 2, "each sync is waited for"
    assert all(each.title.startswith("a sync takes 1 ms: ") and not each.aim for each in slow.values())
