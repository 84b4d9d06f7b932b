"""Every route, one file a subject; `ALL_DOORS` is the whole list."""

from __future__ import annotations

from api.web.doors import Doors
from api.web.routes.accounts import doors as accounts
from api.web.routes.alerts import doors as alerts
from api.web.routes.boards import doors as boards
from api.web.routes.copies import doors as copies
from api.web.routes.devices import doors as devices
from api.web.routes.enrolments import doors as enrolments
from api.web.routes.entry import doors as entry
from api.web.routes.findings import doors as findings
from api.web.routes.floor import doors as floor
from api.web.routes.for_the_room import doors as for_the_room
from api.web.routes.glass import doors as glass
from api.web.routes.integrity import doors as integrity
from api.web.routes.log import doors as log
from api.web.routes.pages import doors as pages
from api.web.routes.paper_days import doors as paper_days
from api.web.routes.questions import doors as questions
from api.web.routes.readiness import doors as readiness
from api.web.routes.record_forms import doors as record_forms
from api.web.routes.recording import doors as recording
from api.web.routes.records import doors as records
from api.web.routes.retention import doors as retention
from api.web.routes.search import doors as search
from api.web.routes.sign_in import doors as sign_in
from api.web.routes.stock import doors as stock
from api.web.routes.stream import doors as stream

ALL_DOORS: tuple[Doors, ...] = (
    entry,
    sign_in,
    accounts,
    enrolments,
    recording,
    record_forms,
    paper_days,
    devices,
    records,
    readiness,
    search,
    questions,
    stock,
    boards,
    alerts,
    findings,
    stream,
    log,
    copies,
    glass,
    integrity,
    retention,
    for_the_room,
    pages,
    floor,
)
"""In the order of the documentation."""
