"""
The shape of every type of event, for the module in the browser that builds what is signed.

    {"dose-administered/1": {"stream": "partner", "authorises": false,
       "fields": [{"field": "container", "privacy": "open", "slot": null, "name": "container"}, …],
       "signers": [{"meaning": "performed", "by": "staff", "roles": ["nurse", "prescriber"], "when": "now"}, …]}}

`name` is what the field is called where it stands: in the body, or in its block.
Generated from the types themselves, never written by hand.
"""

from __future__ import annotations

from typing import Any

from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.fields import FieldClass


def shapes() -> dict[str, Any]:
    """The shapes of all types by tag."""
    return {tag: shape(kind) for tag, kind in EVENT_TYPES.items()}


def shape(kind: type[Event]) -> dict[str, Any]:
    """The shape of one type."""
    return {
        "stream": kind.STREAM,
        "authorises": kind.AUTHORISES,
        "fields": [
            {
                "field": name,
                "privacy": place.privacy,
                "slot": place.slot,
                "name": name.removesuffix(f"_{place.slot}") if place.slot else name,
            }
            for name, field in kind.model_fields.items()
            for place in field.metadata
            if isinstance(place, FieldClass)
        ],
        "signers": [
            {"meaning": each.meaning, "by": each.by, "roles": list(each.roles), "when": each.when}
            for each in kind.SIGNERS
        ],
    }
