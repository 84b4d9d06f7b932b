/** The questions: what auditors ask, by number, and the clinic's views, by name. */

import { advise, advice } from "./board_trouble.js";
import { el, fill, say } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { asOf, offerPast } from "./past.js";

/** @typedef {{name: string, title: string, section: string, takes: string[], reading: string, reach: string}} Question */

const SECTIONS = {
  sessions: "Sessions and supervision",
  adverse: "Adverse events",
  stock: "The substance",
  records: "Records",
  views: "Views of the clinic",
};

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  advise(byId("notice"), null);
  await frame();
  const { questions } = await get("/v1/questions");
  const find = /** @type {HTMLInputElement} */ (byId("find"));
  find.addEventListener("input", () => show(questions, find.value));
  show(questions, find.value);
  offerPast(/** @type {Element} */ (document.querySelector("main")));
}

/** Those in which every word of the search stands. @param {Question[]} questions @param {string} wanted */
function show(questions, wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = questions.filter((each) => words.every((word) => `${each.name} ${each.title} ${each.reading}`.toLowerCase().includes(word)));
  const names = [...new Set([...Object.keys(SECTIONS), ...found.map((each) => each.section)])];
  const sections = names.map((name) => section(name, found.filter((each) => each.section === name))).filter(Boolean);
  fill(byId("questions"), ...(sections.length ? sections : [el("p", { class: "empty" }, "No question has these words.")]));
  say(byId("count"), `${found.length} of ${questions.length} questions`);
}

/** @param {string} name @param {Question[]} questions */
function section(name, questions) {
  if (!questions.length) return null;
  const id = `section-${name}`;
  return el(
    "section",
    { "aria-labelledby": id },
    el("h2", { id }, /** @type {Record<string, string>} */ (SECTIONS)[name] ?? name),
    el("ul", { class: "question-list" }, ...questions.map((each) => el("li", {}, el("a", { href: asOf(`/questions/${each.name}`), "data-question": each.name }, /^\d+$/.test(each.name) && el("span", { class: "chip" }, each.name), el("span", {}, each.title), each.reach === "by-office" && el("span", { class: "chip question-reach" }, "by office"))))),
  );
}

start().catch((error) => advise(byId("notice"), advice(error)));
