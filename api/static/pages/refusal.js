/** A refusal in words: what was refused, by which rule, what to do, and who may override it. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** @param {Error & {code?: string, remedy?: string, blockedBy?: any[]}} error */
export function refusal(error) {
  const blocked = error.blockedBy ?? [];
  return el(
    "div",
    { class: "refusal", "data-code": error.code ?? error.name },
    el("p", { class: "what" }, icon("warning"), blocked.length ? "Not permitted: nothing was recorded." : error.message),
    blocked.length > 0 && objections(blocked),
    error.remedy && el("p", { class: "remedy" }, error.remedy),
    el("p", { class: "code" }, `Code: ${error.code ?? error.name}`),
  );
}

/** What rules have against something. @param {{rule: string, version: string, message: string, override: string | null}[]} list */
export const objections = (list) =>
  el(
    "ul",
    { class: "objections" },
    list.map(({ rule, version, message, override }) =>
      el(
        "li",
        { "data-rule": rule },
        el("strong", {}, `${rule} v${version}: `),
        message,
        el("span", { class: "override" }, override ? ` A ${override} may override it beforehand, signed and with a reason; this page has no form for that yet.` : " Nobody may override it."),
      ),
    ),
  );
