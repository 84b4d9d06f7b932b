/** A refusal in words: what was refused, by which rule, who may override it, and otherwise what to do. */

import { cureOf } from "./cures.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {Error & {code?: string, remedy?: string, blockedBy?: any[], wayOut?: (blocked: any[]) => Element[]}} error
 *   `wayOut` makes the forms by which somebody may override it, where whoever asked can offer them
 */
export function refusal(error) {
  const blocked = error.blockedBy ?? [];
  return el(
    "div",
    { class: "refusal", "data-code": error.code ?? error.name },
    el("p", { class: "what" }, icon("warning"), blocked.length ? "Not permitted: nothing was recorded." : error.message),
    blocked.length > 0 && objections(blocked),
    error.remedy && el("p", { class: "remedy" }, error.remedy),
    el("p", { class: "code" }, `Code: ${error.code ?? error.name}`),
    blocked.length > 0 && error.wayOut?.(blocked),
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
        { "data-rule": rule, "data-override": override },
        el("strong", {}, `${rule} v${version}: `),
        message,
        el("span", { class: "override" }, ` ${override ? `A ${override.replaceAll("-", " ")} may override it beforehand, signed and with a reason.` : `Nobody may override it. ${cureOf(rule)}`}`),
      ),
    ),
  );
