/** Signing what the service prepared from a sheet, with one's own key on this device, and handing it in. */

import { fromBase64 } from "../signing/base64.js";
import { assemble, pae } from "../signing/envelope.js";
import { sign } from "../signing/keys.js";
import { post } from "./http.js";
import { keyOf } from "./keyring.js";
import { pin } from "./pinned.js";

/** The first of a sheet declares it; then a line and its entry stand side by side, and stay in one batch. */
const FIRST = 201;
const NEXT = 200;

/**
 * Sign these and hand them in; what became of each, in their order.
 *
 * @param {{payload: string, blocks: string[]}[]} items @param {{owner: string}} me @param {boolean} declared whether the first declares a sheet
 * @returns {Promise<any[]>}
 */
export async function signAndHandIn(items, me, declared = false) {
  const key = keyOf(me.owner);
  if (!key) throw new Error("Your key is not on this tablet.");
  const signed = [];
  for (const { payload, blocks } of items) {
    const text = new TextDecoder().decode(fromBase64(payload));
    const said = JSON.parse(text);
    const mine = said.attested.length === 1 && said.attested[0].by === me.owner && said.attested[0].key === key.kid;
    if (!mine || said.ledger !== pin()?.origin) throw new Error("This is nothing for you to sign; nothing was signed.");
    signed.push({ envelope: assemble(text, [await sign(key, pae(text))]), blocks });
  }
  const results = [];
  for (let at = 0; at < signed.length; ) {
    const many = at === 0 && declared ? FIRST : NEXT;
    results.push(...(await post("/v1/batches", { items: signed.slice(at, at + many) })).items);
    at += many;
  }
  return results;
}
