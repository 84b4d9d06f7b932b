"""Question 19: the protocol of each session, whether it was retired, and what its newest version would change."""

from __future__ import annotations

from ledger.events.authority import ProtocolRetired
from ledger.events.choices import PUBLISHED, Published
from projections.compliance.draft import Draft
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.judge import judge
from projections.compliance.known import Fact
from projections.compliance.ledger_at import figures_stated
from projections.compliance.moments import as_instant
from projections.compliance.rule_versions import is_about, versions_recorded
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions
from projections.questions.what_if import Changes, changed


@question(
    "19",
    "Under which protocol was each session held, was that version retired, and what would its newest version change?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("opened", "Opened", "instant"),
        Column("protocol", "Protocol"),
        Column("version", "Version"),
        Column("rule_set", "Rules"),
        Column("retired", "Retired from"),
        Column("on_retired", "Held on a retired version", "yes-no"),
        Column("newest", "Newest version"),
        Column("appear", "Findings that would appear", "number"),
        Column("go", "Findings that would go", "number"),
    ),
    empty="No session was opened.",
    reading=(
        "The version that was pinned at the opening; retired where the day of the session is that of the retirement "
        "or a later one. The newest version is the last of this name that is published, in effect on the day of the "
        "question and not retired; the breaches that would appear and go are those of every rule under its figures, "
        "judged anew, with nothing recorded (`session-ledger what-if` lists them for any draft). Rules judge in their "
        "versions of today; a figure counts where a verdict on one of these sessions was recorded in another version."
    ),
)
def q19(asked: Asked) -> Found:
    """One row for each session that was opened, by their day."""
    opened = [each for each in asked.sessions if each.opening is not None and each.opening.at <= each.as_of]
    rows = [_of(asked, history) for history in opened]
    retired = [each for each in rows if each.values["on_retired"]]
    today = asked.versions
    changed_since = [each for each in versions_recorded(asked.ledger) if today.get(each.rule) != each.version]
    other = {each.fact.position for each in changed_since if any(is_about(each, history) for history in opened)}
    unpublished = sum(history.protocol is None for history in opened)
    return Found(
        tuple(rows),
        (
            figure("retired", "Held on a retired version", len(retired), everything(each.evidence for each in retired)),
            figure(
                "other_versions", "Verdicts recorded in another version of their rule than today's", len(other), other
            ),
        ),
        (f"{unpublished} sessions were opened without a published protocol.",) if unpublished else (),
    )


def _of(asked: Asked, history: History) -> Row:
    pinned, day = history.protocol, history.day(history.opening.at) if history.opening else ""
    published = None if pinned is None else _published(pinned)
    retirement = None if pinned is None else _retired(asked, pinned)
    since = retirement.event.effective if retirement and isinstance(retirement.event, ProtocolRetired) else None
    newest = None if published is None else _newest(asked, published.name, history.day(history.as_of))
    would = None if newest is None else _would(asked, history, newest)
    return row(
        positions(history.opening, pinned, retirement, newest),
        session=history.session,
        opened=None if history.opening is None else as_instant(history.opening.at),
        protocol=None if published is None else published.name,
        version=None if published is None else published.version,
        rule_set=None if published is None else published.rule_set,
        retired=since,
        on_retired=since is not None and since <= day,
        newest=None if newest is None else _published(newest).version,
        appear=None if would is None else len(would.appear),
        go=None if would is None else len(would.go),
    )


def _published(fact: Fact) -> Published:
    if not isinstance(fact.event, PUBLISHED):
        raise TypeError(f"{fact.event.type} is no protocol")
    return fact.event


def _retired(asked: Asked, pinned: Fact) -> Fact | None:
    """The retirement of a version that takes effect first, as far as it is known."""
    found = [
        fact
        for fact in asked.ledger.recorded(pinned.stream)
        if isinstance(fact.event, ProtocolRetired) and fact.event.protocol.dig == pinned.dig
    ]
    return min(found, key=_effective, default=None)


def _effective(fact: Fact) -> tuple[str, int]:
    event = fact.event
    return (event.effective if isinstance(event, ProtocolRetired | Published) else "", fact.position)


def _newest(asked: Asked, name: str, day: str) -> Fact | None:
    """The last published version of this name that is in effect on a day."""
    found = [
        fact
        for record in asked.ledger.names("protocol")
        for fact in asked.ledger.recorded(record)
        if isinstance(fact.event, PUBLISHED) and fact.event.name == name and fact.event.effective <= day
    ]
    standing = [fact for fact in found if (gone := _retired(asked, fact)) is None or _effective(gone)[0] > day]
    return max(standing, key=lambda fact: fact.position, default=None)


def _would(asked: Asked, history: History, newest: Fact) -> Changes | None:
    """What would change under another version; nothing under its own."""
    figures = figures_stated(newest)
    if figures is None:
        return None
    if history.protocol is not None and newest.position == history.protocol.position:
        return changed(history.session, None, (), ())
    drafted = history.ledger.under(Draft.of(figures)).session(history.session)
    return changed(history.session, None, _asked_for(asked, history), _asked_for(asked, drafted))


def _asked_for(asked: Asked, history: History) -> list[Finding]:
    """The verdicts on a session about whom the filters leave, and about staff and place."""
    return [each for each in judge(history) if not each.slot or each.slot in asked.slots(history)]
