/** A participant's own key, made on this tablet when they are about to sign for the first time. */

import { el, fill } from "./dom.js";
import { askForKeys } from "./enrolment.js";
import { get } from "./http.js";
import { refusal } from "./refusal.js";

/**
 * The offer to make a key for somebody, and whom to ask to vouch for it.
 *
 * @param {string} owner such as person/… @param {() => void} made
 */
export async function missingKey(owner, made) {
  const { keys } = await get("/v1/keys");
  const officers = keys.filter((/** @type {any} */ key) => key.officer && key.state === "valid");
  if (!officers.length) return el("p", {}, "No officer has a key that counts, who could vouch for theirs.");
  const select = /** @type {HTMLSelectElement} */ (el("select", { id: "own-key-officer", "data-path": "own-key-officer" }, officers.map((/** @type {any} */ key) => el("option", { value: key.kid, "data-owner": key.owner }, key.code))));
  const told = el("div", { role: "status" });
  const button = el("button", { type: "button", "data-action": "make-key", onclick: ask }, "Make their key on this tablet");
  return el("section", { class: "panel" }, el("h2", {}, "A key of their own"), el("p", {}, "It is made here, once, and never leaves. An officer who knows who they are vouches for it; then they sign."), el("div", { class: "field" }, el("label", { for: "own-key-officer" }, "Officer who vouches"), select), button, told);

  async function ask() {
    const option = select.selectedOptions[0];
    try {
      await askForKeys([{ owner, role: "participant" }], { kid: option.value, owner: option.dataset.owner ?? "" }, await get("/v1/shapes"));
      made();
    } catch (error) {
      fill(told, refusal(/** @type {Error} */ (error)));
    }
  }
}
