/**
 * Which ledger this tablet trusts: the origin and the verifier key it saw when it was set up.
 *
 * They are kept here and never silently replaced: a service that suddenly speaks for another log is not believed.
 */

import { get } from "./http.js";
import { learn } from "./server_time.js";

/** @typedef {{origin: string, vkeys: string[]}} Pin */
const PLACE = "session-ledger-pin";

/** What the service says of itself, with the pin that receipts are checked against. */
export async function status() {
  const [said, { origin, vkeys }] = await Promise.all([get("/v1/status"), get("/v1/trust")]);
  learn(said.now);
  const offered = { origin, vkeys };
  const kept = pin();
  if (!kept) localStorage.setItem(PLACE, JSON.stringify(offered));
  const known = kept ?? offered;
  const isSame = known.origin === offered.origin && known.vkeys.some((key) => offered.vkeys.includes(key));
  return { ...said, pin: known, isSame };
}

/** @returns {Pin | null} */
export function pin() {
  return JSON.parse(localStorage.getItem(PLACE) ?? "null");
}

/** Trust whatever is served now; a person decides that, on the page of this tablet's keys. */
export const forgetPin = () => localStorage.removeItem(PLACE);
