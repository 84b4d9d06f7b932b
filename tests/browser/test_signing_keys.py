"""A person's key on a tablet: made there, kept there, never read, and believed by Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.encoding import from_base64
from ledger.envelope import assemble, check_signatures, pae, parse_envelope
from ledger.payload import parse_payload
from ledger.signing import check_enrollable, is_signed_by, key_id
from tests.ledger.events.examples import EXAMPLES, OFFICER_1, ORIGIN, RN1, SAT_A, key_of

from .conftest import ARGUMENTS
from .javascript import run
from .test_signing_format import shape_of

CREATE = """
  const { createKey } = await use("keys");
  const { privateKey, ...key } = await createKey(given);
  return key;
"""
SIGN = """
  const { listKeys, sign } = await use("keys");
  const { toHex, utf8 } = await use("bytes");
  const keys = await listKeys({ ledger: given.ledger });
  const key = keys.find(({ kid }) => kid === given.kid);
  return key ? toHex(await sign(key, utf8(given.message))) : null;
"""


def create(page: Any, owner: str = RN1, ledger: str = ORIGIN) -> Any:
    return run(page, CREATE, {"ledger": ledger, "owner": owner})


def sign(page: Any, kid: str, message: str, ledger: str = ORIGIN) -> Any:
    return run(page, SIGN, {"kid": kid, "ledger": ledger, "message": message})


def test_a_new_key_has_an_owner_a_kid_and_may_be_enrolled(page: Any) -> None:
    key = create(page)

    check_enrollable(bytes.fromhex(key["pub"]))
    assert key == {
        "kid": key_id(bytes.fromhex(key["pub"])),
        "ledger": ORIGIN,
        "owner": RN1,
        "practice": False,
        "pub": key["pub"],
    }


def test_what_it_signs_python_verifies(page: Any) -> None:
    key = create(page)

    signature = bytes.fromhex(sign(page, key["kid"], "calm – “fine”, 100 mg ✓"))

    assert is_signed_by(bytes.fromhex(key["pub"]), "calm – “fine”, 100 mg ✓".encode(), signature)
    assert not is_signed_by(bytes.fromhex(key["pub"]), b"another", signature)


@pytest.mark.parametrize("made", ["createKey", "importPracticeSeed"])
@pytest.mark.parametrize("form", ["pkcs8", "jwk", "raw"])
def test_nothing_reads_its_bytes(page: Any, made: str, form: str) -> None:
    answer = run(
        page,
        """
        const keys = await use("keys");
        const from = { ledger: "x", owner: "y", seed: "07".repeat(32), practice: true };
        const { kid, privateKey } = await keys[given.made](from);
        const [kept] = (await keys.listKeys({ ledger: "x" })).filter((key) => key.kid === kid);
        const said = [];
        for (const key of [privateKey, kept.privateKey]) {
          try {
            await crypto.subtle.exportKey(given.form, key);
            said.push("exported");
          } catch (error) {
            said.push(error.name);
          }
        }
        return { said, extractable: kept.privateKey.extractable, usages: kept.privateKey.usages };
        """,
        {"form": form, "made": made},
    )

    assert answer["extractable"] is False and answer["usages"] == ["sign"]
    assert answer["said"] == ["InvalidAccessError"] * 2


def test_it_survives_a_reload_and_is_the_same_in_another_tab(page: Any, site: str) -> None:
    key = create(page)
    before = sign(page, key["kid"], "a message")

    page.reload()
    other = page.context.new_page()
    other.goto(f"{site}/other")

    assert sign(page, key["kid"], "a message") == before
    assert sign(other, key["kid"], "a message") == before


def test_it_survives_a_restart_of_the_tablet(playwright: Any, chromium_path: str, site: str, tmp_path: Path) -> None:
    kid, signatures = "", []
    for start in range(2):
        context = playwright.chromium.launch_persistent_context(tmp_path, executable_path=chromium_path, args=ARGUMENTS)
        opened = context.pages[0]
        opened.goto(site)
        if start == 0:
            kid = create(opened)["kid"]
        signatures.append(sign(opened, kid, "a message"))
        context.close()

    assert signatures[0] == signatures[1] is not None


def test_keys_of_another_ledger_are_not_shown(page: Any) -> None:
    here, there = create(page), create(page, ledger="another.test/00c0ffee00c0ffee")

    assert sign(page, here["kid"], "m", "another.test/00c0ffee00c0ffee") is None
    assert sign(page, there["kid"], "m", "another.test/00c0ffee00c0ffee")


def test_a_forgotten_key_is_gone_and_the_others_stay(page: Any) -> None:
    kept, forgotten = create(page), create(page)

    run(page, 'const { forgetKey } = await use("keys"); await forgetKey(given);', forgotten["kid"])

    assert sign(page, forgotten["kid"], "m") is None
    assert sign(page, kept["kid"], "m")


@pytest.mark.parametrize("practice", [False, None, "yes", 1])
def test_outside_of_practice_no_seed_comes_in(page: Any, practice: Any) -> None:
    answer = run(
        page,
        """
        const { importPracticeSeed } = await use("keys");
        return attempt(() => importPracticeSeed({ ledger: "x", owner: "y", seed: "00".repeat(32), practice: given }));
        """,
        practice,
    )

    assert answer["refused"] == "not-practice"


def test_an_event_of_a_tablet_is_a_valid_envelope_in_python(page: Any) -> None:
    """Two people sign on one tablet; nothing is fixed but what they typed."""
    example = EXAMPLES["supervision-checked/1"]

    made = run(
        page,
        """
        const { createKey } = await use("keys");
        const { signEvent } = await use("sign_event");
        const { occurredAt, toInstant } = await use("instant");
        const keys = await Promise.all(given.owners.map((owner) => createKey({ ledger: given.draft.ledger, owner })));
        const recorded_at = toInstant(BigInt(Date.now()) * 1000n);
        const occurred = occurredAt(recorded_at, "America/New_York", "s");
        const [one, two] = keys;
        const signers = [
          { key: one, role: "nurse", meaning: "performed" },
          { key: two, role: "prescriber", meaning: "witnessed" },
        ];
        const { envelope, blocks, dig } = await signEvent({ ...given.draft, occurred, recorded_at, signers });
        return { envelope, blocks, dig, pubs: Object.fromEntries(keys.map(({ kid, pub }) => [kid, pub])) };
        """,
        {
            "draft": {
                "fields": example.event.model_dump(mode="json", exclude={"type"}),
                "ledger": ORIGIN,
                "shape": shape_of(example),
                "stream": SAT_A,
                "type": "supervision-checked/1",
            },
            "owners": [RN1, EXAMPLES["order-signed/1"].signed[0][0]],
        },
    )
    envelope = parse_envelope(made["envelope"].encode())

    check_signatures(envelope, lambda kid: bytes.fromhex(made["pubs"][kid]))
    assert envelope.dig == made["dig"]
    assert len(made["blocks"]) == len(envelope.payload.blocks)
    assert json.loads(envelope.payload_bytes)["device"] is None


def test_a_new_key_is_enrolled_with_an_officer_who_signs_elsewhere(page: Any) -> None:
    """The page composes and gives the possession signature; the officer's is made over the same bytes."""
    officer = key_of(OFFICER_1)
    body = EXAMPLES["key-enrolled/1"].event.model_dump(mode="json", exclude={"type"})

    made = run(
        page,
        """
        const { createKey, sign } = await use("keys");
        const { composeEvent } = await use("sign_event");
        const { pae } = await use("envelope");
        const { toBase64 } = await use("base64");
        const { utf8 } = await use("bytes");
        const { occurredAt } = await use("instant");
        const key = await createKey({ ledger: given.ledger, owner: given.owner });
        const { shape, body, ledger, recorded_at, officer } = given;
        const { payload, dig } = await composeEvent({
          attested: [{ by: key.owner, key: key.kid, meaning: "possession", role: "nurse" }, officer],
          fields: { ...body, owner: key.owner, pub: key.pub },
          ledger, shape, recorded_at, occurred: occurredAt(recorded_at, "UTC", "s"),
          stream: "keys", type: "key-enrolled/1",
        });
        const signature = toBase64(await sign(key, pae(payload)));
        return { dig, pub: key.pub, payload: toBase64(utf8(payload)), signature };
        """,
        {
            "body": body,
            "ledger": ORIGIN,
            "officer": {"by": OFFICER_1, "key": officer.kid, "meaning": "enrolled", "role": "security-officer"},
            "owner": RN1,
            "recorded_at": "2026-05-16T14:05:20.000000Z",
            "shape": shape_of(EXAMPLES["key-enrolled/1"]),
        },
    )
    data = from_base64(made["payload"])
    envelope = assemble(parse_payload(data), data, [from_base64(made["signature"]), officer.sign(pae(data))])

    keys = {key_id(bytes.fromhex(made["pub"])): bytes.fromhex(made["pub"]), officer.kid: officer.public}
    check_signatures(parse_envelope(envelope.raw), keys.get)
    assert envelope.dig == made["dig"]


def test_a_page_that_did_not_come_over_https_is_told_so(browser: Any, site: str) -> None:
    """A name that is not this machine's own, over http: no cryptography, one plain sentence."""
    context = browser.new_context()
    opened = context.new_page()
    opened.route(
        "http://ledger.clinic/**",
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace("http://ledger.clinic", site))),
    )
    opened.goto("http://ledger.clinic/")

    answer = run(
        opened, 'const { createKey } = await use("keys"); return attempt(() => createKey({ ledger: "x", owner: "y" }));'
    )

    context.close()
    assert answer["refused"] == "insecure-page"
