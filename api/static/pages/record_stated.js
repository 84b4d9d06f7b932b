/** Signing without a key on this tablet: the service keeps one, which the PIN of its owner opens in this browser alone. */

import { fromBase64 } from "../signing/base64.js";
import { occurredAt } from "../signing/instant.js";
import { Invalid } from "../signing/invalid.js";
import { checkReceipt } from "../signing/receipt.js";
import { el } from "./dom.js";
import { get, post } from "./http.js";
import { keyOf } from "./keyring.js";
import { pin } from "./pinned.js";
import { fresh } from "./record_leaves.js";
import { meant } from "./record_signers.js";
import { toInstant } from "./server_time.js";

/** @import {Act} from "./recording.js" */
/** @import {Rule} from "./record_signers.js" */

/** Whether somebody signs with a key that the service keeps: they have one that counts, and none on this tablet. @param {{owner: string}} me */
export async function isKept(me) {
  if (keyOf(me.owner)) return false;
  const { keys } = await get("/v1/keys");
  return keys.some((/** @type {any} */ key) => key.owner === me.owner && key.custody === "service" && key.state === "valid");
}

/**
 * The one signature that somebody gives so; null where the type needs more than that, or another's.
 *
 * @param {Rule[]} rules @param {{owner: string, roles: string[]}} me
 */
export function keptSigner(rules, me) {
  const now = rules.filter((rule) => rule.when === "now");
  const role = now.length === 1 && now[0].by === "staff" && me.roles.find((each) => !now[0].roles.length || now[0].roles.includes(each));
  if (!role) return null;
  const id = fresh();
  const input = /** @type {HTMLInputElement} */ (el("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, id, "data-field": "kept-pin", "data-path": "kept-pin" }));
  return {
    node: el("section", { class: "signers", "aria-label": "Who signs" }, el("h2", {}, "Who signs"), el("p", { class: "note" }, `You, who ${meant(now[0].meaning)}, with the key that the service keeps for you. It needs the network.`), el("div", { class: "field" }, el("label", { for: id }, "Your PIN"), input)),
    async confirmed() {
      const secret = input.value;
      if (!secret) throw new Error("Your PIN opens the key that is kept for you.");
      input.value = "";
      return [{ owner: me.owner, meaning: now[0].meaning, role, pin: secret }];
    },
    ofThemselves: () => [],
    hasOwn: false,
  };
}

/** Say it to the service, which signs it; then check that what it recorded is this, and that the log holds it. @param {Act} act @param {string} zone @param {string} secret */
export async function state(act, zone, secret) {
  const trusted = pin();
  if (!trusted) throw new Error("This tablet has pinned no ledger.");
  const when = act.when ?? { at: Date.now(), precision: "s" };
  const [{ role, meaning, owner }] = act.signers;
  const said = await post("/v1/statements", { type: act.type, stream: act.stream, fields: act.fields, occurred: occurredAt(toInstant(when.at), zone, when.precision), pin: secret, role });
  const payload = JSON.parse(new TextDecoder().decode(fromBase64(JSON.parse(said.envelope).payload)));
  const [signer] = payload.attested;
  if (payload.type !== act.type || payload.stream !== act.stream || signer.by !== owner || signer.meaning !== meaning) throw new Invalid("other-statement", "What the service signed is not what you said: call the security officer.");
  return checkReceipt(said.receipt, { envelope: said.envelope, stream: act.stream, ...trusted });
}
