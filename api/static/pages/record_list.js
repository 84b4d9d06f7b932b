/** What may be recorded: the types of event by clinical act, with what each says, and a search over all of them. */

import { el, fill } from "./dom.js";
import { told } from "./record_leaves.js";

/** @typedef {{act: string, title: string, idea: string, types: {type: string, name: string, sentence: string}[]}} Act */

/** @param {Act[]} acts */
export function typeList(acts) {
  const found = el("div", { class: "acts", "data-acts": true });
  const counted = el("p", { class: "note", role: "status", "data-found": true });
  const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", id: "search", autocomplete: "off", "data-search": true, placeholder: "consent, count, evaluation…" }));
  search.addEventListener("input", draw);
  draw();
  return {
    node: el(
      "div",
      {},
      el("h1", {}, "Record what happened"),
      acts.length
        ? [el("div", { class: "field" }, el("label", { for: "search" }, "Search"), search), counted, found]
        : el("p", { class: "empty" }, "In your roles you sign nothing on this page. An officer writes down roles with an invitation."),
    ),
    focus: () => search.focus(),
  };

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = acts
      .map((act) => ({ ...act, types: act.types.filter((each) => words.every((word) => `${act.title} ${each.name} ${each.sentence}`.toLowerCase().includes(word))) }))
      .filter(({ types }) => types.length);
    const many = shown.reduce((sum, { types }) => sum + types.length, 0);
    counted.textContent = words.length ? (many ? `${many} found` : "Nothing of that name is recorded in your roles.") : `${many} kinds of event, in your roles`;
    fill(found, shown.map(group));
  }
}

/** @param {Act} act */
const group = ({ act, title, idea, types }) =>
  el(
    "section",
    { class: "act", "data-act": act, "aria-label": title },
    el("h2", {}, title),
    el("p", { class: "note" }, idea),
    el("ul", { class: "plain types" }, types.map(({ name, sentence }) => el("li", {}, el("a", { href: `/record?type=${name}`, "data-type": name }, el("strong", {}, spoken(name)), el("span", {}, first(sentence)))))),
  );

/** @param {string} name */
export const spoken = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("-", " ");

/** Its first sentence; all of it stands above the form. @param {string} text */
const first = (text) => told(/^.*?[.](?= |$)/.exec(text)?.[0] ?? text);
