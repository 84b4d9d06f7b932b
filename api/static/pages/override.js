/**
 * Overriding: somebody who may says with a reason, signed, that what a rule objects to goes ahead all the same.
 *
 * It is an event of its own, signed and recorded like every other. It cures nothing: what is done under it stays a
 * finding, and a declared one. Then whatever was refused is given again.
 */

import { el, fill } from "./dom.js";
import { choice, text } from "./fields.js";
import { get } from "./http.js";
import { icon } from "./icons.js";
import { codeOf } from "./keyring.js";
import { whoSigns } from "./who_signs.js";

/** @import {Room} from "./room_context.js" */
/** @typedef {{rule: string, version: string, message: string, evidence: number[], override: string | null, staff: string | null, credential: string | null, slot: "a" | "b" | null}} Objection */

/** What an override for a partner has to permit, by what was refused. */
const PERMITS = /** @type {Record<string, string>} */ ({
  "session-opened": "opening", "dose-authorised": "dose", "release-authorised": "release", "session-closed": "closing",
});
/** What the ledger takes as a reason: a joint record holds plain ASCII. */
const LONGEST = { partner: 280, joint: 200 };

/**
 * One form for each role that may override something.
 *
 * @param {Room} room @param {string} type what was refused @param {Objection[]} blocked
 */
export function overrides(room, type, blocked) {
  const roles = [...new Set(blocked.map(({ override }) => override).filter((role) => role !== null))];
  return roles.map((role) => form(room, type.split("/")[0], /** @type {string} */ (role), accounts(blocked.filter(({ override }) => override === role))));
}

/** Several objections of one rule on one account need one override. @param {Objection[]} list */
function accounts(list) {
  const found = /** @type {Map<string, Objection>} */ (new Map());
  for (const each of list) {
    const account = [each.rule, each.slot, each.staff, each.credential].join(" ");
    const known = found.get(account);
    found.set(account, known ? { ...known, evidence: [...new Set([...known.evidence, ...each.evidence])] } : each);
  }
  return found;
}

/** @param {Room} room @param {string} kind @param {string} role @param {Map<string, Objection>} list */
function form(room, kind, role, list) {
  const asked = el("div");
  const told = el("div", { role: "status", "data-overridden": true });
  const node = el(
    "section",
    { class: "override-form", "data-override-by": role, "aria-label": `Override by ${article(role)}` },
    asked, told,
  );
  draw();
  return node;

  /** Asks for those that nobody overrode yet. */
  function draw() {
    if (!list.size) return fill(asked);
    const which = choice("override", "Which", [...list].map(([account, each]) => [account, named(each)]), { many: true });
    const joint = [...list.values()].some(({ slot }) => !slot);
    const reason = text("override-reason", "Why it goes ahead all the same", { maxlength: joint ? LONGEST.joint : LONGEST.partner });
    const signer = whoSigns({ me: room.me, roles: [role], pin: true, label: `Overrides as ${spoken(role)}, by PIN` });
    const button = /** @type {HTMLButtonElement} */ (el("button", { type: "button", "data-action": "sign-override" }, "Sign the override"));
    button.addEventListener("click", async () => {
      if (button.disabled) return;
      button.disabled = true;
      await attempt(which.read(), reason.read(), signer);
      button.disabled = false;
    });
    fill(
      asked,
      el("p", { class: "what" }, `${capital(article(role))} may let it go ahead, with a reason. It stays a finding, and a declared one.`),
      which.node, reason.node, signer.node, button,
    );
  }

  /** One event for each; those that were signed are asked about no more. @param {string[]} chosen @param {string | null} reason @param {ReturnType<typeof whoSigns>} signer */
  async function attempt(chosen, reason, signer) {
    const done = [];
    let who = signer.chosen;
    let trouble = null;
    try {
      if (!chosen.length) throw new Error("Say which of them.");
      if (!reason) throw new Error("Say why.");
      who = await signer.confirmed();
      for (const account of chosen) {
        const each = /** @type {Objection} */ (list.get(account));
        done.push(`${named(each)}${receipt(await sign(room, kind, role, who, reason, each))}`);
        list.delete(account);
      }
    } catch (error) {
      trouble = /** @type {Error & {remedy?: string}} */ (error);
    }
    if (done.length) draw();
    fill(
      told,
      done.length > 0 && el("p", { class: "overridden" }, icon("check"), `Overridden by ${who?.code}: ${done.join("; ")}. Now give it again.`),
      trouble && el("p", { class: "refusal", role: "alert" }, [trouble.message, trouble.remedy].filter(Boolean).join(" ")),
    );
    told.scrollIntoView({ block: "nearest" });
  }
}

/** @param {Room} room @param {string} kind @param {string} role @param {{owner: string, code: string, roles: string[]}} who @param {string} reason @param {Objection} each */
async function sign(room, kind, role, who, reason, each) {
  const type = each.slot ? "rule-overridden-for-partner/1" : "authorisation-overridden/1";
  const fields = each.slot
    ? { evidence: await weighed(room, each), permits: PERMITS[kind], reason, rule: each.rule }
    : { credential: each.credential, reason, rule: each.rule, staff: each.staff };
  return room.record({
    type,
    stream: each.slot ? room.partner(each.slot).record : room.stream,
    fields,
    signers: [room.staffSigns(type, { ...who, roles: [role] })],
    words: `${each.rule} overridden${each.slot ? ` for ${each.slot.toUpperCase()}` : ""}`,
  });
}

/** The entries that were weighed, of those on the partner's own record or the joint one. @param {Room} room @param {Objection} each */
async function weighed(room, each) {
  const rows = await Promise.all(each.evidence.map((position) => get(`/v1/entries/${position}`).catch(() => null)));
  const own = [room.stream, room.partner(/** @type {"a" | "b"} */ (each.slot)).record];
  return rows.filter((row) => row && own.includes(row.stream) && row.dig).map(({ dig, event_id: id }) => ({ dig, id }));
}

/** @param {Objection} each */
const named = ({ rule, slot, staff, credential }) => [rule, slot && `for ${slot.toUpperCase()}`, staff && `on account of ${codeOf(staff)}`, credential].filter(Boolean).join(" ");

/** @param {{position: number} | null} proven */
const receipt = (proven) => (proven ? `, receipt ${proven.position} checked` : ", kept here until the network is back");

/** @param {string} role */
export const spoken = (role) => role.replaceAll("-", " ");

/** @param {string} role */
export const article = (role) => `${/^[aeiou]/.test(role) ? "an" : "a"} ${spoken(role)}`;

/** @param {string} words */
const capital = (words) => words[0].toUpperCase() + words.slice(1);
