/** Making keys on this tablet and asking an officer to vouch for them; and an officer's yes, signed here. */

import { fromBase64, toBase64 } from "../signing/base64.js";
import { utf8 } from "../signing/bytes.js";
import { pae } from "../signing/envelope.js";
import { occurredAt } from "../signing/instant.js";
import { createKey, sign } from "../signing/keys.js";
import { composeEvent, signEvent } from "../signing/sign_event.js";
import { get, post } from "./http.js";
import { deviceId } from "./outbox.js";
import { pin } from "./pinned.js";
import { seen } from "./sending.js";
import { instantNow } from "./server_time.js";

const TYPE = "key-enrolled/1";
const DEVICE = "device-enrolled/1";

/**
 * New keys for these owners, handed in together with their own signatures; and this device, if nobody enrolled it yet.
 *
 * @param {{owner: string, role: string}[]} owners @param {{owner: string, kid: string}} officer whose key will vouch
 * @param {any} shapes of all types
 */
export async function askForKeys(owners, officer, shapes) {
  const ledger = pin()?.origin ?? "";
  const items = [];
  for (const { owner, role } of owners) {
    const key = await createKey({ ledger, owner });
    const now = instantNow();
    const { payload } = await composeEvent({
      ledger, type: TYPE, stream: "keys", shape: shapes[TYPE].fields,
      fields: { alg: "ed25519", custody: "device", officer: false, owner, pub: key.pub },
      occurred: occurredAt(now, Intl.DateTimeFormat().resolvedOptions().timeZone, "s"),
      recorded_at: now, seen: seen(),
      attested: [
        { by: owner, key: key.kid, meaning: "possession", role },
        { by: officer.owner, key: officer.kid, meaning: "enrolled", role: "security-officer" },
      ],
    });
    items.push({ payload: toBase64(utf8(payload)), signature: toBase64(await sign(key, pae(payload))) });
  }
  const device = await thisDevice(ledger, shapes);
  if (device) {
    const attested = [{ by: officer.owner, key: officer.kid, meaning: "enrolled", role: "security-officer" }];
    items.push({ payload: toBase64(utf8((await composeEvent({ ...device, attested })).payload)) });
  }
  return post("/v1/enrolments", { items });
}

/** On a practice ledger an officer's key may lie here: it enrols this device at once. @param {import("../signing/keys.js").TabletKey} officer @param {any} shapes */
export async function enrolDeviceNow(officer, shapes) {
  const device = await thisDevice(officer.ledger, shapes);
  if (!device) return;
  const { envelope, blocks } = await signEvent({ ...device, signers: [{ key: officer, role: "security-officer", meaning: "enrolled" }] });
  await post("/v1/events", { envelope, blocks });
}

/** What is to be said of this device, null when it is enrolled. @param {string} ledger @param {any} shapes */
async function thisDevice(ledger, shapes) {
  const stream = await deviceId(ledger);
  const { enrolled, revoked } = await get(`/v1/${stream.replace("device/", "devices/")}`);
  if (enrolled && !revoked) return null;
  const now = instantNow();
  return {
    ledger, type: DEVICE, stream, shape: shapes[DEVICE].fields,
    fields: { code: `T-${stream.slice(7, 11)}`, kind: "tablet" },
    occurred: occurredAt(now, Intl.DateTimeFormat().resolvedOptions().timeZone, "s"),
    recorded_at: now, seen: seen(),
  };
}

/** An officer signs what waits for them. @param {any} enrolment @param {import("../signing/keys.js").TabletKey} key */
export async function approve(enrolment, key) {
  const texts = enrolment.items.map(({ payload }) => new TextDecoder().decode(fromBase64(payload)));
  const signatures = await Promise.all(texts.map((text) => sign(key, pae(text))));
  return post(`/v1/enrolments/${enrolment.id}/approval`, { signatures: signatures.map(toBase64) });
}
