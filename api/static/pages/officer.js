/** For security officers: keys that wait for their signature, and invitations for staff. */

import { listKeys } from "../signing/keys.js";
import { el, fill, say } from "./dom.js";
import { approve } from "./enrolment.js";
import { frame } from "./frame.js";
import { get, post } from "./http.js";
import { icon } from "./icons.js";
import { pin } from "./pinned.js";
import { refusal } from "./refusal.js";

const { me } = await frame();
const find = (/** @type {string} */ what) => /** @type {HTMLElement} */ (document.querySelector(`[data-${what}]`));
const trouble = find("trouble");
const STATES = { pending: "Waits for you", approved: "Being recorded", recorded: "Recorded", refused: "Refused by the ledger" };

async function show() {
  try {
    const [{ enrolments }, keys] = await Promise.all([get("/v1/enrolments"), listKeys({ ledger: pin()?.origin ?? "" })]);
    const mine = keys.find(({ owner }) => owner === me.owner) ?? null;
    fill(find("waiting"), enrolments.length ? enrolments.map((/** @type {any} */ each) => card(each, mine)) : el("li", { class: "empty" }, "No key waits for an approval."));
    const { refused } = await get("/v1/refused");
    find("alarm").hidden = !refused.length;
    fill(find("refused"), refused.map((/** @type {any} */ each) => el("li", { "data-kept": each.event_id }, icon("warning"), ` ${each.type}, ${each.received_at.slice(0, 16).replace("T", " ")} UTC`, each.first_position === null ? "" : `; the first one is event ${each.first_position}`)));
    const typed = (await get("/v1/pending").catch(() => ({ entries: [] }))).entries.filter((/** @type {any} */ each) => each.lacks.some((/** @type {string} */ words) => words.endsWith("whom the sheet names")));
    find("paper").hidden = !typed.length;
    fill(find("typed"), typed.map((/** @type {any} */ each) => el("li", { "data-typed-at": String(each.position) }, `${each.local}, ${each.phrase}: ${each.lacks.join("; ")}`)));
    fill(trouble);
  } catch (error) {
    fill(trouble, refusal(/** @type {Error} */ (error)));
  }
  document.querySelector("main")?.setAttribute("data-ready", "");
}

/** @param {any} enrolment @param {import("../signing/keys.js").TabletKey | null} key */
function card(enrolment, key) {
  const { state, officer, officer_code, items } = enrolment;
  const isMine = officer === me.owner;
  const why = !isMine ? `It waits for ${officer_code}.` : key ? "" : "Your officer's key is not on this tablet: load it, or approve with session-ledger approve.";
  const button = el("button", { type: "button", class: "primary", "data-action": "approve", "aria-disabled": why ? "true" : null }, `Approve and sign`);
  if (!why) button.addEventListener("click", () => approve(enrolment, /** @type {any} */ (key)).then(show, (error) => fill(trouble, refusal(error))));
  return el(
    "li",
    { class: "enrolment", "data-enrolment": enrolment.id, "data-state": state },
    el("p", {}, icon("key"), el("strong", {}, items.map((/** @type {any} */ item) => item.owner_code).join(" and ")), ` · ${STATES[/** @type {"pending"} */ (state)] ?? state}`),
    el("p", { class: "kid" }, `Compare with their tablet: ${items.map((/** @type {any} */ item) => item.kid.slice(0, 12) || item.owner_code).join(", ")}`),
    state === "pending" && button,
    state === "pending" && why && el("p", { class: "why" }, why),
  );
}

/** @type {HTMLFormElement} */ (find("invite")).addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = new FormData(/** @type {HTMLFormElement} */ (event.target));
  try {
    const { invitation, code } = await post("/v1/accounts", { staff: said.get("staff"), roles: said.getAll("roles") });
    say(find("told"), `Invitation for ${code}, shown once: ${invitation}`);
    fill(trouble);
  } catch (error) {
    fill(trouble, refusal(/** @type {Error} */ (error)));
  }
});
find("service-key").addEventListener("click", () => post("/v1/service-key").then(show, (error) => fill(trouble, refusal(error))));
document.addEventListener("ledger-unlocked", show);
await show();
