/** Who of the staff signs: whoever is signed in, or a colleague whose key lies here, by their own PIN. */

import { el, fill } from "./dom.js";
import { post } from "./http.js";
import { signersHere } from "./keyring.js";

let count = 0;

/**
 * @param {{me: {owner: string}, roles: string[], pin?: boolean, label?: string, not?: string[], only?: string[]}} asked
 *   `pin`: even whoever is signed in confirms with their PIN; `not`: who it cannot be, `only`: who alone it can
 */
export function whoSigns({ me, roles, pin = false, label = "Signs", not = [], only }) {
  const group = `signer-${++count}`;
  const people = signersHere(roles).filter(({ owner }) => !not.includes(owner) && (!only || only.includes(owner)));
  let chosen = people.find(({ owner }) => owner === me.owner) ?? people[0] ?? null;
  const input = /** @type {HTMLInputElement} */ (
    el("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, id: `${group}-pin`, "data-field": "pin" })
  );
  const pinLabel = el("label", { for: `${group}-pin` });
  const pinField = el("div", { class: "field" }, pinLabel, input);
  const needsPin = () => chosen !== null && (pin || chosen.owner !== me.owner);
  const show = () => {
    pinField.toggleAttribute("hidden", !needsPin());
    fill(pinLabel, `PIN of ${chosen?.code ?? ""}`);
  };
  const options = people.map((each) => {
    const radio = /** @type {HTMLInputElement} */ (
      el("input", { type: "radio", name: group, id: `${group}-${each.code}`, checked: each === chosen, "data-field": "signer", "data-value": each.code })
    );
    radio.addEventListener("change", () => {
      chosen = each;
      input.value = "";
      show();
    });
    return el("span", {}, radio, el("label", { for: `${group}-${each.code}` }, each.code));
  });
  show();
  const nobody = el("p", { class: "why" }, `Nobody with a key on this tablet may sign this (${roles.join(" or ")}). `, el("a", { href: "/tablet-keys" }, "This tablet's keys"));
  return {
    node: el("fieldset", { class: "choice signer" }, el("legend", {}, label), people.length ? el("div", { class: "options" }, options) : nobody, pinField),

    /** Whoever signs, once their PIN was found right. */
    async confirmed() {
      if (!chosen) throw new Error("Nobody with a key on this tablet may sign this.");
      if (needsPin()) {
        if (!input.value) throw new Error(`${chosen.code} confirms with a PIN.`);
        await post("/v1/auth/pin", { staff: chosen.owner, pin: input.value }).finally(() => (input.value = ""));
      }
      return chosen;
    },
    get chosen() {
      return chosen;
    },
  };
}
