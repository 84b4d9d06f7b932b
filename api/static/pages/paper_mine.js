/** What typed sheets say one did: each entry is confirmed or disputed, signed with one's own key. */

import { el, fill } from "./dom.js";
import { get, post } from "./http.js";
import { keyOf } from "./keyring.js";
import { signAndHandIn } from "./paper_signing.js";
import { refusal } from "./refusal.js";

/** Fill the section, or hide it where nothing waits. @param {HTMLElement} section @param {{owner: string}} me */
export async function showMine(section, me) {
  const { entries } = await get("/v1/countersignatures");
  section.hidden = !entries.length;
  if (!entries.length) return;
  const rows = entries.map(row);
  const pin = /** @type {HTMLInputElement} */ (el("input", { id: "mine-pin", type: "password", inputmode: "numeric", maxlength: 12, autocomplete: "off" }));
  const trouble = el("div", { role: "alert" });
  const button = el("button", { type: "submit", class: "primary", "data-action": "sign-mine" }, "Sign these");
  const form = el(
    "form",
    { autocomplete: "off" },
    el("ul", { class: "plain waits" }, rows.map((/** @type {any} */ each) => each.node)),
    el("div", { class: "field" }, el("label", { for: "mine-pin" }, "Your PIN"), pin),
    trouble,
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.setAttribute("disabled", "");
    try {
      const key = keyOf(me.owner);
      if (!key) throw new Error("Your key is not on this tablet: see Keys.");
      const only = rows.filter((/** @type {any} */ each) => each.verdict() === "confirms").map((/** @type {any} */ each) => each.position);
      const disputed = rows.filter((/** @type {any} */ each) => each.verdict() === "disputes").map((/** @type {any} */ each) => ({ position: each.position, reason: each.reason() }));
      if (!only.length && !disputed.length) throw new Error("Say of at least one whether it is so.");
      if (disputed.some((/** @type {any} */ each) => !each.reason)) throw new Error("Say what is not so.");
      if (!pin.value) throw new Error("Confirm with your PIN.");
      await post("/v1/auth/pin", { staff: me.owner, pin: pin.value }).finally(() => (pin.value = ""));
      const { items } = await post("/v1/countersignatures", { key: key.kid, only, disputed });
      const results = await signAndHandIn(items, me);
      const size = Math.max(...results.map((each) => each.position ?? 0)) + 1;
      await get(`/v1/countersignatures?at_least=${size}`);
      const bad = results.find((each) => !["recorded", "repeated"].includes(each.result));
      if (bad) throw new Error(bad.problem?.detail ?? bad.result);
      await showMine(section, me);
      if (!section.hidden) section.prepend(el("p", { role: "status", "data-signed": String(items.length) }, `Signed: ${items.length}.`));
    } catch (error) {
      fill(trouble, refusal(/** @type {Error} */ (error)));
    }
    button.removeAttribute("disabled");
  });
  fill(section, el("h2", {}, "What a typed sheet says you did"), el("p", {}, "Somebody typed this in from paper. Sign what is so, and dispute what is not: it stays and shows it."), form);
}

/** @param {any} entry */
function row(entry) {
  const id = `mine-${entry.position}`;
  const verdict = /** @type {HTMLSelectElement} */ (
    el("select", { id, "data-verdict": String(entry.position) }, el("option", { value: "confirms" }, "It is so"), el("option", { value: "disputes" }, "It is not so"), el("option", { value: "later" }, "Later"))
  );
  const reason = /** @type {HTMLInputElement} */ (el("input", { id: `${id}-reason`, type: "text", maxlength: 280, autocomplete: "off" }));
  const why = el("div", { class: "field", hidden: true }, el("label", { for: reason.id }, "What is not so"), reason);
  verdict.addEventListener("change", () => why.toggleAttribute("hidden", verdict.value !== "disputes"));
  const words = `${entry.local}${entry.slot === "a" || entry.slot === "b" ? `, ${entry.slot.toUpperCase()}` : ""}: ${entry.phrase} (line ${entry.line}, as ${entry.role.replaceAll("-", " ")})`;
  const node = el("li", { "data-waits": String(entry.position) }, el("label", { for: id }, words), verdict, why);
  return { node, position: entry.position, verdict: () => verdict.value, reason: () => reason.value.trim() };
}
