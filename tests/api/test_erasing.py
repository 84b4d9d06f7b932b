"""The act of erasing, broken off at each of its steps, and finished by whoever comes next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.commands import main
from api.commands.verify import verify_folder
from api.erasing import TwoPeople, finish_erasures, record_erasure, signed_erasure, unfinished
from api.folder import Folder, OpenLedger
from api.officer_acts import KeyHolder
from api.retention import read_retention
from api.views import up_to_date
from api.web.app import create_app
from ledger.erasure import KEPT_BY_DEFAULT, Retention, person_record
from ledger.errors import Invalid
from ledger.record import Recorder
from ledger.store.head_store import FileHeadStore
from ledger.store.sqlite import open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from projections.session_timeline import timeline
from tests.api.web.practice import QUICK, Practice, handed, until
from tests.ledger.clinic import ANA, BEN, MD1, ORIGIN, PT1, SESSION, SLOT_A, SLOT_B, Clinic, Entropy
from tests.ledger.store.crashing import Crashing
from tests.ledger.test_absences import TWO
from tests.ledger.test_erasure import erasure

HERS, HIS = "151/91", "128/80"


def house(root: Path) -> tuple[Clinic, OpenLedger]:
    """A ledger in a folder: both partners were dosed and checked; with views, in a clinic that keeps nothing."""
    practice = Practice(root)
    opened, clinic = practice.opened, practice.clinic
    clinic.retention = Retention(chart_years=0, controlled_years=0)
    clinic.restart()
    for slot, systolic, diastolic in ((SLOT_A, 151, 91), (SLOT_B, 128, 80)):
        clinic.dose(slot)
        clinic.check(slot, systolic, diastolic)
    practice.service.database.close()
    practice.service.book.close()
    up_to_date(opened).close()
    return clinic, opened


def views_hold(root: Path, word: str) -> bool:
    """Whether any file of the views holds this; asked while nobody has them open."""
    return any(word.encode() in path.read_bytes() for path in root.glob("views.db*"))


def reopened(opened: OpenLedger) -> OpenLedger:
    """The same folder, in a process that knows nothing yet."""
    folder = opened.folder
    keys = FolderSubjectKeys(folder.subjects, folder.epoch)
    return OpenLedger(
        folder, opened.pin, opened.organisation, opened.practice, open_sqlite(folder.database, ORIGIN), keys
    )


def holders(clinic: Clinic) -> TwoPeople:
    return TwoPeople(KeyHolder(MD1, clinic.keys[MD1]), KeyHolder(PT1, clinic.keys[PT1]))


def recorded(clinic: Clinic) -> int:
    """Step 1 alone."""
    submission = signed_erasure(
        person_record(clinic.store, ANA), holders(clinic), clinic.recorder, ORIGIN, clinic.clock.now, Entropy("act")
    )
    return record_erasure(clinic.recorder, submission).position


def nothing_is_left(opened: OpenLedger) -> None:
    assert unfinished(opened.store, opened.subject_keys) == []
    assert not views_hold(opened.folder.root, HERS)
    assert views_hold(opened.folder.root, HIS)
    report = verify_folder(opened.folder.root)
    assert report.holds
    assert report.erased == len(opened.store.blocks_about(ANA))


def test_the_whole_act_leaves_nothing(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    assert views_hold(tmp_path, HERS)
    recorded(clinic)

    assert finish_erasures(opened) == [ANA]

    nothing_is_left(opened)
    assert finish_erasures(opened) == []
    opened.store.close()


def test_after_a_crash_behind_the_recording_it_is_finished(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.store.close()

    again = reopened(opened)
    assert unfinished(again.store, again.subject_keys) == [ANA]
    assert finish_erasures(again) == [ANA]
    nothing_is_left(again)
    again.store.close()


def test_after_a_crash_behind_the_destruction_the_views_let_go_all_the_same(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.subject_keys.destroy(ANA)
    opened.store.close()

    again = reopened(opened)
    assert finish_erasures(again) == []
    nothing_is_left(again)
    again.store.close()


def test_whoever_asks_the_views_first_has_them_let_go(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.subject_keys.destroy(ANA)

    database = up_to_date(opened)

    assert HERS not in repr(timeline(database, SESSION))
    database.close()
    nothing_is_left(opened)
    opened.store.close()


def test_a_starting_service_finishes_what_was_recorded(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.store.close()
    again = reopened(opened)
    clinic.store, clinic.subject_keys = again.store, again.subject_keys
    clinic.head_store = FileHeadStore(again.folder.head)

    with TestClient(create_app(again, clinic.restart(), clinic.clock, QUICK)):
        assert unfinished(again.store, again.subject_keys) == []

    nothing_is_left(again)
    again.store.close()


def test_a_key_is_not_destroyed_before_a_checkpoint_covers_the_erasure(tmp_path: Path) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.store.settle()
    with opened.store._datastore.transaction(commit=True) as c:
        c.execute("DROP TRIGGER checkpoints_delete")
        c.execute("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)")

    assert finish_erasures(opened) == []
    assert unfinished(opened.store, opened.subject_keys) == [ANA]
    clinic.restart()
    assert finish_erasures(opened) == [ANA]
    opened.store.close()


def test_verify_names_an_erasure_that_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic, opened = house(tmp_path)
    recorded(clinic)
    opened.store.close()
    monkeypatch.setattr(sys, "argv", ["session-ledger", "verify", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code in (0, None)
    assert ANA in capsys.readouterr().out.replace("\n", "")


@pytest.mark.soak
def test_a_crash_at_any_step_of_finishing_is_finished_by_doing_it_again(tmp_path: Path, crash: Crashing) -> None:
    script = """
from pathlib import Path
from api.erasing import finish_erasures
from api.folder import open_ledger
finish_erasures(open_ledger(Path(sys.argv[2])))
"""
    step, died = 0, True
    while died:
        step += 1
        root = tmp_path / str(step)
        clinic, opened = house(root)
        recorded(clinic)
        opened.store.close()

        died = crash(script, step, str(root))

        again = reopened(opened)
        finish_erasures(again)
        nothing_is_left(again)
        assert again.subject_keys.key_of(BEN) is not None
        again.store.close()
    assert step > 20


# -- through the service


def test_the_service_refuses_a_bare_erasure_and_finishes_one_recorded_beside_it(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    clinic = practice.clinic
    practice.service.recorder._desk = _with_retention(practice, Retention(chart_years=0, controlled_years=0))
    with practice.client:
        screen = practice.at()
        for submission in (clinic_check(clinic, SLOT_A, 151, 91), clinic_check(clinic, SLOT_B, 128, 80)):
            assert screen.post("/v1/events", handed(submission)).status_code == 201
        route = f"/v1/sessions/{SESSION.removeprefix('session/')}"
        until(lambda: HERS in screen.get(f"{route}/timeline").text)
        assert "151" in screen.get(f"{route}/room").text

        bare = clinic.submission(erasure(clinic), ANA, TWO)
        size = practice.opened.store.head().size
        refused = screen.post("/v1/events", handed(bare)).json()
        assert (refused["code"], practice.opened.store.head().size) == ("by-command-alone", size)
        assert "session-ledger erase" in refused["remedy"]
        (item,) = screen.post("/v1/batches", {"items": [handed(bare)]}).json()["items"]
        assert item["problem"]["code"] == "by-command-alone"
        beside = Recorder(
            clinic.store, clinic.head_store, (clinic.signer,), clinic.subject_keys, clinic.clock, clinic.entropy,
            retention=Retention(chart_years=0, controlled_years=0),
        )  # fmt: skip
        beside.record([bare])
        until(lambda: practice.opened.subject_keys.key_of(ANA) is None)

        until(lambda: HERS not in screen.get(f"{route}/timeline").text)
        assert HIS in screen.get(f"{route}/timeline").text
        room = screen.get(f"{route}/room").json()
        assert room["partners"]["a"]["last_vitals"]["values"]["blood_pressure"] == {"gone": "erased"}
        late = screen.post("/v1/events", handed(clinic_check(clinic, SLOT_A, 120, 80)))
        assert (late.status_code, late.json()["code"]) == (409, "already-erased")
    until(lambda: not views_hold(tmp_path, HERS))


def clinic_check(clinic: Clinic, slot: str, systolic: int, diastolic: int) -> Any:
    from tests.ledger.clinic import check
    from tests.ledger.test_erasure import NURSE

    clinic.clock.forward(minutes=1)
    return clinic.submission(check(systolic, diastolic), slot, [NURSE])


def _with_retention(practice: Practice, retention: Retention) -> Any:
    from dataclasses import replace

    from ledger.keeping import Keeping

    desk = practice.service.recorder._desk
    return replace(desk, keeping=Keeping(desk.store, retention))


# -- the periods


def test_the_periods_come_from_a_file_in_the_folder(tmp_path: Path) -> None:
    path = Folder(tmp_path).policy
    assert read_retention(path) == KEPT_BY_DEFAULT == Retention(chart_years=10, controlled_years=2)

    path.write_text('{"retention": {"chart_years": 15, "controlled_years": 6}}')
    assert read_retention(path) == Retention(chart_years=15, controlled_years=6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"retention": {"chart_years": 10}}',
        '{"retention": {"chart_years": -1, "controlled_years": 2}}',
        '{"retention": {"chart_years": "10", "controlled_years": 2}}',
        '{"retention": {"chart_years": 1000, "controlled_years": 2}}',
    ],
)
def test_a_file_that_states_no_periods_is_refused_and_not_guessed(tmp_path: Path, text: str) -> None:
    path = Folder(tmp_path).policy
    path.write_text(text)

    with pytest.raises(Invalid) as caught:
        read_retention(path)

    assert caught.value.code == "policy-file"
