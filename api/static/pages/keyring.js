/** Which keys lie on this tablet and count in the ledger now, and who may sign with them in which role. */

import { listKeys } from "../signing/keys.js";
import { get } from "./http.js";
import { deviceId, goOnBehind } from "./outbox.js";
import { pin } from "./pinned.js";

/** @import {TabletKey} from "../signing/keys.js" */
/** @typedef {{owner: string, code: string, roles: string[]}} Colleague */

let keys = /** @type {Map<string, TabletKey>} */ (new Map());
let people = /** @type {Colleague[]} */ ([]);
let shapes = /** @type {Record<string, any>} */ ({});

/** Ask again what counts; needs the service. */
export async function refreshKeyring() {
  const origin = pin()?.origin ?? "";
  const [known, here, colleagues, kinds, device] = await Promise.all([
    get("/v1/keys"), listKeys({ ledger: origin }), get("/v1/colleagues"), get("/v1/shapes"), deviceId(origin).then((id) => get(`/v1/${id.replace("device/", "devices/")}`)),
  ]);
  await goOnBehind(origin, device.last_seq, device.last_dig);
  const valid = new Set(known.keys.filter((/** @type {any} */ key) => key.state === "valid").map((/** @type {any} */ key) => key.kid));
  keys = new Map(here.filter(({ kid }) => valid.has(kid)).map((key) => [key.owner, key]));
  people = colleagues.colleagues;
  shapes = kinds;
}

/** @param {string} owner */
export const keyOf = (owner) => keys.get(owner);

/** @param {string} type such as supervision-checked/1 */
export const shapeOf = (type) => shapes[type];

/** What to call a member of staff. @param {string} owner */
export const codeOf = (owner) => people.find((each) => each.owner === owner)?.code ?? "somebody";

/** Staff whose key lies here and who have one of these roles. @param {string[]} roles */
export const signersHere = (roles) =>
  people.filter((each) => keys.has(each.owner) && (!roles.length || each.roles.some((role) => roles.includes(role))));

/** How one of the staff signs a type: with which meaning, in which role. @param {string} type @param {Colleague} who @param {string} [meaning] */
export function staffSignature(type, who, meaning) {
  for (const rule of shapes[type].signers) {
    if (rule.by !== "staff" || (meaning && rule.meaning !== meaning)) continue;
    const role = who.roles.find((each) => !rule.roles.length || rule.roles.includes(each));
    if (role) return { owner: who.owner, meaning: rule.meaning, role };
  }
  return null;
}

/** How a participant signs on their own record. @param {string} type @param {string} record */
export function ownSignature(type, record) {
  const rule = shapes[type].signers.find((/** @type {any} */ each) => each.by === "subject");
  return { owner: record, meaning: rule.meaning, role: "participant" };
}
