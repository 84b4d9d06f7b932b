"""What the service answers about a played story: every page and answer that could tell of its people."""

from __future__ import annotations

from starlette.testclient import TestClient

from api.story.clock import StoryClock
from api.web.app import create_app
from ledger.encoding import from_instant
from tests.api.web.practice import QUICK, Screen
from tests.ledger.clinic import Entropy
from tests.stories.told import Told, instant


def everything_served(told: Told, as_of: str, couple: str) -> dict[str, str]:
    """Every answer and page about sessions, the couple, findings and the log, as the medical director gets it."""
    story = told.story
    clock = StoryClock(from_instant(instant(as_of)))
    app = create_app(story.ledger, story.recorder, clock, QUICK, compliance=told.judged, entropy=Entropy("service"))
    answers: dict[str, str] = {}
    with TestClient(app) as client:
        owner = told.ids["MDIR"]
        app.state.service.accounts.accept(
            app.state.service.accounts.invite(owner, ["medical-director"]), "correct horse battery", "482913"
        )
        screen = Screen(client)
        assert screen.sign_in(owner).status_code == 200
        uuids = [known.partition("/")[2] for known in told.ids.values() if known.startswith("session/")]
        readers = ("", "?partner=a", "?partner=b")
        paths = [
            *("/v1/sessions", "/v1/floor", "/v1/findings", "/v1/entries?limit=500", "/board"),
            *(f"/v1/couples/{couple}/history{reader}" for reader in readers),
            *(f"/v1/sessions/{uuid}/timeline{reader}" for uuid in uuids for reader in readers),
            *(f"/v1/sessions/{uuid}/room" for uuid in uuids),
            *(f"/room/{uuid}" for uuid in uuids),
        ]
        for path in paths:
            answer = screen.get(path)
            assert answer.status_code == 200, (path, answer.text)
            answers[path] = answer.text
    return answers
