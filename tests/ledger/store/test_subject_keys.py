"""One key for each person: made once, never overwritten, destroyed for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from ledger.errors import Conflict, Invalid, Refused, TamperDetected
from ledger.store.subject_keys import FolderSubjectKeys, MemorySubjectKeys, SubjectKeys
from tests.ledger.store.crashing import crash

ANNA = "person/6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e"
BEN = "person/11112222-3333-4444-8555-666677778888"
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ROOT = Path(__file__).parents[3]


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

    files = list(folder.iterdir())
    assert len(files) == len(subjects)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.parent.parent.iterdir()] == ["secrets"]
    assert not any("person" in file.name for file in files)
    assert all(keys.key_of(subject) == KEY for subject in subjects)


def test_a_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o750)

    with pytest.raises(Refused) as caught:
        FolderSubjectKeys(folder)

    assert caught.value.code == "keys-folder"


def test_a_damaged_key_file_is_no_key(folder: Path) -> None:
    keys = FolderSubjectKeys(folder)
    keys.make(ANNA, KEY)
    (file,) = folder.iterdir()
    file.write_bytes(KEY[:-1])

    with pytest.raises(TamperDetected) as caught:
        keys.key_of(ANNA)

    assert caught.value.code == "subject-key-stored"


def test_a_crash_at_any_step_of_making_leaves_no_key_or_the_whole_one(folder: Path) -> None:
    script = """
from pathlib import Path
from ledger.store.subject_keys import FolderSubjectKeys
keys = FolderSubjectKeys(Path(sys.argv[2]))
keys.make(sys.argv[3], b"k" * 32)
"""
    found = []
    step = 0
    died = True
    while died:
        step += 1
        keys = FolderSubjectKeys(folder / str(step))

        died = crash(script, step, str(folder / str(step)), ANNA)

        found.append(keys.key_of(ANNA))
        if found[-1] is None:
            keys.make(ANNA, OTHER_KEY)
            assert keys.key_of(ANNA) == OTHER_KEY
        keys.destroy(ANNA)
        assert list((folder / str(step)).iterdir()) == []

    assert step > 10
    assert found == sorted(found, key=lambda key: key or b"")
    assert set(found) == {None, KEY}


def test_a_crash_at_any_step_of_destroying_is_finished_by_destroying_again(folder: Path) -> None:
    script = """
from pathlib import Path
from ledger.store.subject_keys import FolderSubjectKeys
FolderSubjectKeys(Path(sys.argv[2])).destroy(sys.argv[3])
"""
    keys = FolderSubjectKeys(folder)
    step = 0
    died = True
    while died:
        step += 1
        keys.make(ANNA, KEY)

        died = crash(script, step, str(folder), ANNA)

        assert keys.key_of(ANNA) in (None, KEY)
        keys.destroy(ANNA)
        assert list(folder.iterdir()) == []
    assert step > 4
