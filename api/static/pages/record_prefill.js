/** What other pages know already, read from the address; never what somebody measured, and never what is sealed as health. */

import { el } from "./dom.js";
import { fresh } from "./record_leaves.js";

/** @import {Described} from "./record_form.js" */
/** @import {Entry} from "./record_leaves.js" */

/** @param {Described} described @param {any} form @param {URLSearchParams} given @param {Record<string, any[]>} known */
export function prefill(described, form, given, known) {
  for (const [name, entry] of Object.entries(described.fields)) {
    const text = given.get(name);
    const value = text === null ? undefined : meant(text, entry, known);
    if (value !== undefined) form.write({ [name]: value });
  }
  publishedForm(described, form, known);
  if (described.fields.pseudonym && !given.get("pseudonym")) form.write({ pseudonym: pseudonym() });
}

/** What a text in the address means for a field; undefined where it may not say it. @param {string} text @param {Entry} entry @param {Record<string, any[]>} known @returns {any} */
function meant(text, entry, known) {
  const isHealth = ["clinical", "sensitive"].includes(entry.privacy);
  switch (entry.kind) {
    case "record":
      return (known[entry.of] ?? []).find(({ id, code }) => [id, id.split("/")[1], code].includes(text))?.id;
    case "entry":
      return text;
    case "choice":
      return isHealth ? undefined : entry.options.find((/** @type {any} */ each) => String(each) === text);
    case "list":
      return entry.of.kind === "part" || isHealth ? undefined : text.split(",").map((each) => meant(each, entry.of, known)).filter((each) => each !== undefined);
    case "text":
    case "date":
    case "clock":
    case "zone":
    case "hash":
      return isHealth ? undefined : text;
    case "number":
      return !isHealth && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
    default:
      return undefined;
  }
}

/** A form that was published is chosen, and its version and text come with it. @param {Described} described @param {any} form @param {Record<string, any[]>} known */
function publishedForm(described, form, known) {
  const published = known.consent_form ?? [];
  if (!published.length || !["form", "version", "text"].every((name) => name in described.fields) || described.name === "consent-form-published") return;
  const id = fresh();
  const select = /** @type {HTMLSelectElement} */ (el("select", { id, "data-path": "published-form" }, el("option", { value: "" }, "choose…"), published.map(({ code }, at) => el("option", { value: String(at) }, code))));
  select.addEventListener("change", () => {
    const chosen = published[Number(select.value)];
    if (select.value && chosen) form.write({ form: chosen.form, version: chosen.version, text: chosen.text });
  });
  form.node.prepend(el("div", { class: "field" }, el("label", { for: id }, "Form, as published"), select));
}

/** A name for paper that says nothing of anybody: six letters and digits that are not mistaken for one another. */
function pseudonym() {
  const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  const random = crypto.getRandomValues(new Uint8Array(6));
  return `P-${[...random].map((byte) => letters[byte % letters.length]).join("")}`;
}
