"""Every form in a real browser: written with an example and read again, it gives the very event that was written."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("playwright", reason="there is no browser")

from api.web.forms import form, sentence
from ledger.events import EVENT_TYPES
from ledger.events.sealing import make_event, take_apart
from tests.ledger.events.examples import EXAMPLES

WRITTEN_AND_READ = """async (types) => {
  const { makeForm, said } = await import("/static/pages/record_form.js");
  const nothing = { known: {}, record: () => null, changed() {}, entries: async () => [], onRecord() {} };
  const context = { zone: () => "America/New_York", ...nothing };
  return types.map(({ fields, values, ...described }) => {
    const form = makeForm({ ...described, fields }, context);
    document.body.append(form.node);
    const empty = form.read().bad.length;
    form.write(values);
    const { fields: read, bad } = form.read();
    const words = said(fields, read, context);
    const controls = [...form.node.querySelectorAll("input, select, textarea")];
    const unlabelled = controls.filter((each) => !each.labels.length && !each.ariaLabel).length;
    form.node.remove();
    return { read, bad, empty, words, unlabelled };
  });
}"""

SIGNED_BY_PEOPLE = {
    tag: kind for tag, kind in EVENT_TYPES.items() if all(signer.by != "service" for signer in kind.SIGNERS)
}


def test_the_form_of_every_type_that_people_sign_gives_its_example_to_the_last_byte(page: Any) -> None:
    asked = [
        {
            "type": tag,
            "name": tag.split("/")[0],
            "sentence": sentence(kind),
            "fields": form(kind),
            "values": EXAMPLES[tag].event.model_dump(mode="json", exclude={"type"}),
        }
        for tag, kind in SIGNED_BY_PEOPLE.items()
    ]

    answers = page.evaluate(WRITTEN_AND_READ, asked)

    for (tag, kind), answer in zip(SIGNED_BY_PEOPLE.items(), answers, strict=True):
        example = EXAMPLES[tag]
        assert answer["bad"] == [], tag
        assert answer["unlabelled"] == 0, tag
        event = make_event(kind, answer["read"])
        assert event == example.event, tag
        assert take_apart(event, example.stream) == take_apart(example.event, example.stream), tag
        assert all(label and words for label, words in answer["words"]), tag
    needing = {tag for tag, answer in zip(SIGNED_BY_PEOPLE, answers, strict=True) if answer["empty"]}
    assert {"participant-registered/1", "order-signed/1", "consent-signed/1"} <= needing


REMOVED = """async (fields) => {
  const { makeForm } = await import("/static/pages/record_form.js");
  const nothing = { known: {}, record: () => null, changed() {}, entries: async () => [], onRecord() {} };
  const form = makeForm({ fields }, { zone: () => "UTC", ...nothing });
  document.body.append(form.node);
  form.node.querySelector('[data-add="oximeters"]').click();
  const focused = document.activeElement.dataset.path;
  form.write({ oximeters: ["OXI-1", "OXI-2", "OXI-3"] });
  form.node.querySelectorAll('[data-entry="oximeters"] li > button')[1].click();
  const back = document.activeElement.dataset.add;
  form.node.remove();
  return { focused, back, left: form.read().fields.oximeters };
}"""


def test_a_row_of_a_list_is_added_and_removed_and_the_keyboard_stays_where_it_was(page: Any) -> None:
    told = page.evaluate(REMOVED, form(EVENT_TYPES["emergency-readiness-checked/1"]))

    assert told == {"focused": "oximeters.0", "back": "oximeters", "left": ["OXI-1", "OXI-3"]}
