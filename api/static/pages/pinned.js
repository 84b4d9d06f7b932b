/**
 * Which ledger this tablet trusts: the origin and the verifier key it saw when it was set up.
 *
 * They are kept here and never silently replaced: a service that suddenly speaks for another log is not believed.
 * When the log key was changed, the old key's own signature over that change is what makes the new one known.
 */

import { fromBase64 } from "../signing/base64.js";
import { Invalid } from "../signing/invalid.js";
import { checkReceipt } from "../signing/receipt.js";
import { get } from "./http.js";
import { learn } from "./server_time.js";

/** @typedef {{origin: string, vkeys: string[]}} Pin */
const PLACE = "session-ledger-pin";

/** What the service says of itself, with the pin that receipts are checked against. */
export async function status() {
  const [said, { origin, vkeys, changes }] = await Promise.all([get("/v1/status"), get("/v1/trust")]);
  learn(said.now);
  const kept = pin();
  const known = kept?.origin === origin ? await followed(kept, changes) : (kept ?? { origin, vkeys });
  if (known !== kept) localStorage.setItem(PLACE, JSON.stringify(known));
  const isSame = known.origin === origin && vkeys.every((/** @type {string} */ key) => known.vkeys.includes(key));
  return { ...said, pin: known, isSame };
}

/**
 * The pin with every later log key that one of its own keys vouches for: a receipt under it, for the event that
 * added the new key. A key without this proof is not learnt.
 *
 * @param {Pin} kept @param {{vkey: string, envelope: string, receipt: string}[]} changes
 */
async function followed(kept, changes) {
  let known = kept;
  for (const { vkey, envelope, receipt } of changes) {
    if (known.vkeys.includes(vkey)) continue;
    try {
      await checkReceipt(receipt, { envelope, stream: "keys", ...known });
      const added = JSON.parse(new TextDecoder().decode(fromBase64(JSON.parse(envelope).payload)));
      if (added.type === "log-key-added/1" && added.body.vkey === vkey) known = { ...known, vkeys: [...known.vkeys, vkey] };
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
    }
  }
  return known;
}

/** @returns {Pin | null} */
export function pin() {
  return JSON.parse(localStorage.getItem(PLACE) ?? "null");
}

/** Trust whatever is served now; a person decides that, on the page of this tablet's keys. */
export const forgetPin = () => localStorage.removeItem(PLACE);
