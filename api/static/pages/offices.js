/** What the offices see beside the sessions: who broke the glass, and copies that leave the ledger. */

import { el, fill } from "./dom.js";
import { get } from "./http.js";
import { REASONS } from "./glass.js";
import { asOf, isPast } from "./past.js";
import { refusal } from "./refusal.js";

const OFFICES = ["medical-director", "compliance-officer", "privacy-officer", "records-officer"];
const WORDS = Object.fromEntries(REASONS);
/** What a copy is for, as it is recorded. @type {[string, string][]} */
const PURPOSES = [
  ["own-record", "For the person it is about"],
  ["treatment", "For who treats them next"],
  ["legal", "For a court or authority"],
  ["audit", "For an audit"],
  ["operations", "For the clinic’s own work"],
  ["other", "For something else"],
];

/** @param {{roles: string[]}} me */
export const isOffice = (me) => me.roles.some((role) => OFFICES.includes(role));

/** The list of those who broke the glass, newest first, put into `into`. @param {Element} into @param {any[]} sessions */
export async function showGlass(into, sessions) {
  try {
    const { broken } = await get(asOf("/v1/glass"));
    const name = (/** @type {string} */ session) => {
      const known = sessions.find((each) => each.session === session);
      return known ? `${known.couple_code}, session ${known.ordinal}` : "a session";
    };
    fill(
      into,
      el("h2", {}, "Emergency access"),
      broken.length
        ? el(
            "ul",
            { class: "plain", "data-broken": String(broken.length) },
            broken.map((/** @type {any} */ each) =>
              el(
                "li",
                { "data-position": String(each.position) },
                el("a", { href: `/event/${each.position}` }, `${each.code} (${each.role}) opened ${name(each.session)}`),
                `, ${each.received.slice(0, 16).replace("T", " ")} UTC: “${WORDS[each.reason] ?? each.reason}”. `,
                el("strong", {}, each.reviewed.length ? "Reviewed." : "Not reviewed yet."),
              ),
            ),
          )
        : el("p", {}, "Nobody opened a session that was not theirs to open."),
    );
  } catch (error) {
    fill(into, el("h2", {}, "Emergency access"), refusal(/** @type {Error} */ (error)));
  }
}

/** The form for a copy of one of these sessions. @param {any[]} sessions */
export function copyForm(sessions) {
  const session = select("session", "Which session", sessions.map((each) => [each.session.split("/")[1], `${each.couple_code}, session ${each.ordinal}, ${each.date}`]));
  const partner = select("partner", "Whose", [["", "Both partners"], ["a", "A alone"], ["b", "B alone"]]);
  const purpose = select("purpose", "What it is for", PURPOSES);
  const told = el("div", { role: "status", "data-copied": true });
  const form = el(
    "form",
    { class: "panel", "data-copy": true, hidden: isPast() },
    el("h2", {}, "A copy to give away"),
    el("p", {}, "Signed bytes that can be checked without this ledger. Each copy is recorded with your name, what it is for, and its hash."),
    session,
    partner,
    purpose,
    el("button", { type: "submit", "data-action": "copy" }, "Take the copy"),
    told,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = new FormData(/** @type {HTMLFormElement} */ (form));
    const whose = String(said.get("partner"));
    try {
      const lines = await get(`/v1/sessions/${said.get("session")}/copy?purpose=${said.get("purpose")}${whose && `&partner=${whose}`}`);
      const link = el("a", { href: URL.createObjectURL(new Blob([lines])), download: `session-${String(said.get("session")).slice(0, 8)}${whose && `-${whose}`}.jsonl` });
      link.click();
      fill(told, el("p", {}, "The copy is taken, and recorded."));
    } catch (error) {
      fill(told, refusal(/** @type {Error} */ (error)));
    }
  });
  return form;
}

/** @param {string} name @param {string} label @param {string[][]} options */
const select = (name, label, options) =>
  el("div", { class: "field" }, el("label", { for: `copy-${name}` }, label), el("select", { id: `copy-${name}`, name }, options.map(([value, words]) => el("option", { value }, words))));
