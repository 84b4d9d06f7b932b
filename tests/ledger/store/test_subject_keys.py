"""One key for each person: made once, never overwritten, destroyed for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from ledger.errors import Conflict, Invalid, Refused, TamperDetected
from ledger.store.subject_keys import FolderSubjectKeys, MemorySubjectKeys, SubjectKeys
from ledger.store.wrapped_keys import name_of
from tests.ledger.store.crashing import Crashing

ANNA = "person/6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e"
BEN = "person/11112222-3333-4444-8555-666677778888"
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ROOT = Path(__file__).parents[3]
SCRIPT = """
from pathlib import Path
from ledger.store.subject_keys import FolderSubjectKeys
keys = FolderSubjectKeys(Path(sys.argv[2]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "keys"


@pytest.fixture(params=["folder", "memory"])
def keys(request: pytest.FixtureRequest, folder: Path) -> SubjectKeys:
    return FolderSubjectKeys(folder) if request.param == "folder" else MemorySubjectKeys()


def test_a_key_is_read_as_it_was_made(keys: SubjectKeys) -> None:
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)

    assert keys.key_of(ANNA) == KEY
    assert keys.key_of(BEN) == OTHER_KEY
    assert keys.key_of("person/none") is None


def test_a_key_is_never_overwritten(keys: SubjectKeys) -> None:
    keys.make(ANNA, KEY)

    for key in (OTHER_KEY, KEY):
        with pytest.raises(Conflict) as caught:
            keys.make(ANNA, key)
        assert caught.value.code == "subject-key-exists"
    assert keys.key_of(ANNA) == KEY


def test_a_destroyed_key_is_gone_and_destroying_it_again_is_no_error(keys: SubjectKeys) -> None:
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)

    keys.destroy(ANNA)
    keys.destroy(ANNA)

    assert keys.key_of(ANNA) is None
    assert keys.key_of(BEN) == OTHER_KEY


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_refused(keys: SubjectKeys, key: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        keys.make(ANNA, key)

    assert caught.value.code == "subject-key"
    assert keys.key_of(ANNA) is None


def test_of_four_threads_one_makes_the_key(keys: SubjectKeys) -> None:
    start = Barrier(4)
    made: list[bytes] = []

    def make(key: bytes) -> None:
        start.wait()
        try:
            keys.make(ANNA, key)
        except Conflict:
            return
        made.append(key)

    threads = [Thread(target=make, args=(bytes([n]) * 32,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [keys.key_of(ANNA)]


def test_of_two_processes_one_makes_each_key(folder: Path) -> None:
    script = """
import sys
from pathlib import Path
from ledger.errors import Conflict
from ledger.store.subject_keys import FolderSubjectKeys
keys = FolderSubjectKeys(Path(sys.argv[1]))
for n in range(50):
    try:
        keys.make(f"person/{n}", sys.argv[2].encode() * 32)
        print(n, sys.argv[2])
    except Conflict:
        pass
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), name], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in "xy"
    ]
    made = dict(line.split() for process in processes for line in process.communicate()[0].splitlines())

    keys = FolderSubjectKeys(folder)
    assert len(made) == 50
    assert all(keys.key_of(f"person/{n}") == name.encode() * 32 for n, name in made.items())


def test_the_files_are_for_their_owner_only_and_silent_about_whose_they_are(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    subjects = [ANNA, BEN, "../../escape", "..", "", "/etc/passwd", "person/" + "x" * 5000, "a\x00b", "Ä"]
    for subject in subjects:
        keys.make(subject, KEY)

    files = [path for path in folder.parent.rglob("*") if path.is_file()]
    assert names(folder) == ["epoch/1.key", "keys/epoch-1.keys"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in folder.parent.iterdir()} == {0o700}
    assert [path.name for path in folder.parent.parent.iterdir()] == ["secrets"]
    assert not any(b"person" in file.read_bytes() or KEY in file.read_bytes() for file in files)
    assert all(keys.key_of(subject) == KEY for subject in subjects)


@pytest.mark.parametrize("which", ["keys", "epoch"])
def test_a_folder_that_others_may_enter_is_refused(folder: Path, which: str) -> None:
    folder.parent.mkdir(parents=True)
    folder.with_name(which).mkdir(mode=0o750)

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(folder)

    assert caught.value.code == "keys-folder"


# -- epochs


def names(folder: Path) -> list[str]:
    """The files of both folders."""
    return sorted(str(path.relative_to(folder.parent)) for path in folder.parent.rglob("*") if path.is_file())


def test_a_new_epoch_begins_when_a_key_is_destroyed_and_the_old_one_leaves_nothing(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)
    before = keys.epoch

    keys.destroy(ANNA)

    assert (before, keys.epoch) == (1, 2)
    assert names(folder) == ["epoch/2.key", "keys/epoch-2.keys"]
    assert FolderSubjectKeys(folder).key_of(BEN) == OTHER_KEY


def test_destroying_nobodys_key_begins_no_epoch(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)

    keys.destroy(BEN)

    assert keys.epoch == 1


def test_an_old_copy_of_the_wrapped_keys_opens_nothing_for_anybody(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)
    copy = (folder / "epoch-1.keys").read_bytes()
    keys.destroy(ANNA)

    (folder / "epoch-2.keys").unlink()
    (folder / "epoch-1.keys").write_bytes(copy)

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(folder)
    assert caught.value.code == "epoch-key-missing"
    with pytest.raises(Refused):
        keys.key_of(BEN)
    assert names(folder) == ["epoch/2.key", "keys/epoch-1.keys"], "what may still be put right is left as it is"


def test_a_line_of_an_older_epoch_or_of_somebody_else_does_not_open(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)
    old = (folder / "epoch-1.keys").read_text().splitlines()
    keys.destroy(ANNA)
    file = folder / "epoch-2.keys"
    good = file.read_text()
    (ben,) = (line for line in good.splitlines() if line.startswith(name_of(BEN)))
    his_old = next(line for line in old if line.startswith(name_of(BEN)))

    for forged in (good.replace(ben, his_old), good.replace(name_of(BEN), name_of(ANNA))):
        file.write_text(forged)
        holder = BEN if his_old in forged else ANNA
        with pytest.raises(TamperDetected) as caught:
            FolderSubjectKeys(folder).key_of(holder)
        assert caught.value.code == "subject-key-stored"


def test_an_epoch_can_end_without_anybody_being_erased(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    before = names(folder)

    assert keys.new_epoch() == 2

    assert keys.key_of(ANNA) == KEY
    assert not set(before) & set(names(folder))


@pytest.mark.parametrize("bad", [b"", b"x", b"session-ledger/subject-keys/v1\n1\nnothing\n", b"\xff\xfe"])
def test_a_damaged_file_holds_no_keys(folder: Path, bad: bytes) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    (folder / "epoch-1.keys").write_bytes(bad)

    with pytest.raises(TamperDetected) as caught:
        FolderSubjectKeys(folder)
    assert caught.value.code == "subject-key-stored"
    with pytest.raises(TamperDetected):
        keys.key_of(ANNA)


def test_a_damaged_epoch_key_opens_nothing(folder: Path) -> None:
    FolderSubjectKeys(folder).make(ANNA, KEY)
    (folder.parent / "epoch" / "1.key").write_bytes(KEY[:-1])

    with pytest.raises(TamperDetected) as caught:
        FolderSubjectKeys(folder).key_of(ANNA)
    assert caught.value.code == "subject-key-stored"


# -- several at once


def test_another_process_forgets_a_destroyed_key_at_its_next_use(folder: Path) -> None:
    here, there = FolderSubjectKeys(folder), FolderSubjectKeys(folder)
    here.make(ANNA, KEY)
    here.make(BEN, OTHER_KEY)
    assert there.key_of(ANNA) == KEY
    assert there.epoch == 1

    here.destroy(ANNA)

    assert there.key_of(ANNA) is None
    assert there.key_of(BEN) == OTHER_KEY
    assert there.epoch == 2
    there.make(ANNA, OTHER_KEY)
    assert here.key_of(ANNA) == OTHER_KEY


def test_a_remembered_key_costs_no_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    assert keys.key_of(ANNA) == KEY

    def no_reading(path: Path) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(Path, "read_bytes", no_reading)
    assert keys.key_of(ANNA) == KEY


def test_keys_are_read_and_made_while_epochs_end(folder: Path) -> None:
    script = """
import sys
from pathlib import Path
from ledger.store.subject_keys import FolderSubjectKeys
keys = FolderSubjectKeys(Path(sys.argv[1]))
for n in range(30):
    keys.make(f"person/{sys.argv[2]}{n}", b"n" * 32)
    keys.destroy(f"person/{sys.argv[2]}{n - 10}")
    assert keys.key_of(sys.argv[3]) == b"k" * 32
"""
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), name, ANNA], cwd=ROOT) for name in ("x", "y")
    ]
    while any(process.poll() is None for process in processes):
        assert keys.key_of(ANNA) == KEY

    assert [process.wait() for process in processes] == [0, 0]
    assert keys.epoch == 41
    left = [f"person/{name}{n}" for name in "xy" for n in range(30) if keys.key_of(f"person/{name}{n}")]
    assert len(left) == 20


# -- from the time before epochs


def raw_keys(folder: Path, *subjects: str) -> None:
    """The files of the release before epochs: one key a file, in clear."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    for subject in subjects:
        (folder / f"{name_of(subject)}.key").write_bytes(KEY)


def test_keys_from_before_epochs_are_taken_over_and_their_files_removed(folder: Path) -> None:
    raw_keys(folder, ANNA, BEN)

    keys = FolderSubjectKeys(folder)

    assert (keys.key_of(ANNA), keys.key_of(BEN)) == (KEY, KEY)
    assert names(folder) == ["epoch/1.key", "keys/epoch-1.keys"]


def everything(folder: Path) -> dict[str, bytes]:
    """Every file and its bytes."""
    return {name: (folder.parent / name).read_bytes() for name in names(folder)}


def test_an_audit_reads_keys_from_before_epochs_and_changes_nothing(folder: Path) -> None:
    raw_keys(folder, ANNA)
    before = everything(folder)

    keys = FolderSubjectKeys(folder, as_they_are=True)

    assert keys.key_of(ANNA) == KEY
    assert keys.key_of(BEN) is None
    assert everything(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]


def test_an_audit_reads_keys_of_an_epoch_whose_change_broke_off_and_changes_nothing(
    folder: Path, crash: Crashing
) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    keys.make(BEN, OTHER_KEY)
    crash(SCRIPT + "keys.destroy(sys.argv[3])", 31, str(folder), ANNA)
    before = everything(folder)
    assert len(before) > 2, "the change broke off between its steps"

    looked = FolderSubjectKeys(folder, as_they_are=True)

    assert looked.key_of(BEN) == OTHER_KEY
    assert everything(folder) == before


def test_an_audit_says_when_the_epochs_key_is_missing(folder: Path) -> None:
    FolderSubjectKeys(folder).make(ANNA, KEY)
    (folder.parent / "epoch" / "1.key").unlink()

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(folder, as_they_are=True)

    assert caught.value.code == "epoch-key-missing"


def test_a_key_that_comes_back_from_an_old_backup_is_refused(folder: Path) -> None:
    raw_keys(folder, ANNA, BEN)
    FolderSubjectKeys(folder).destroy(ANNA)
    raw_keys(folder, ANNA)

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(folder)

    assert caught.value.code == "subject-key-stray"
