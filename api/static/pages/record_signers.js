/** Who signs an event: whoever is here, a second person by their own PIN, and a participant with their own key. */

import { el } from "./dom.js";
import { keyOf } from "./keyring.js";
import { fresh } from "./record_leaves.js";
import { whoSigns } from "./who_signs.js";

/** @typedef {{owner: string, meaning: string, role: string}} Signature */
/** @typedef {{meaning: string, by: string, roles: string[], when: string}} Rule */
/** @typedef {{rule: Rule, signer: ReturnType<typeof whoSigns>, wanted: () => boolean}} Asked */

const MEANS = /** @type {Record<string, string>} */ ({
  performed: "did it", observed: "saw it", witnessed: "witnesses it", verified: "checked it", approved: "approves it", authorised: "authorises it",
  "authorised-release": "authorises the release", acknowledged: "acknowledges it", consented: "consents", declined: "declines", received: "takes it over", relinquished: "hands it over", reviewed: "reviewed it",
});
export const meant = (/** @type {string} */ meaning) => MEANS[meaning] ?? meaning;

/**
 * @param {Rule[]} rules @param {{owner: string, code: string, roles: string[]}} me
 * @param {(rule: Rule) => string | null} owner whose key a signature is by, where it is no member of staff's to choose
 * @param {boolean} [isGrave] whoever is signed in confirms with their PIN too
 */
export function signersField(rules, me, owner, isGrave = false) {
  const own = rules.filter((rule) => ["subject", "slot"].includes(rule.by));
  const first = rules.find((rule) => rule.by === "staff" && rule.when === "now");
  const isMine = Boolean(first && me.roles.some((role) => !first.roles.length || first.roles.includes(role)));
  const asked = rules.filter((rule) => rule.by === "staff").map((rule) => ask(rule, me, isGrave, rule !== first && isMine ? [me.owner] : [], !rules.some((each) => each.by === "staff" && each.when === "now")));
  const node = el("section", { class: "signers", "aria-label": "Who signs" }, el("h2", {}, "Who signs"), own.map((rule) => el("p", { class: "note" }, `The person it is about ${meant(rule.meaning)}, with a key of their own, in the last step.`)), asked.map((each) => each.node));
  return {
    node,

    /** Every signature of the staff, their PINs found right; one person never gives two. @returns {Promise<Signature[]>} */
    async confirmed() {
      const signed = /** @type {Signature[]} */ ([]);
      for (const { rule, signer, wanted } of asked) {
        if (!wanted()) continue;
        const who = signer.chosen;
        if (who && signed.some((each) => each.owner === who.owner)) throw new Error(`${who.code} cannot sign twice: who ${meant(rule.meaning)} is somebody else.`);
        const { owner: by, roles } = await signer.confirmed();
        const role = roles.find((/** @type {string} */ each) => !rule.roles.length || rule.roles.includes(each));
        if (!role) throw new Error("In their role they do not give this signature.");
        signed.push({ owner: by, meaning: rule.meaning, role });
      }
      return signed;
    },

    /** The signatures that the person it is about gives; throws where their key is not here. @returns {Signature[]} */
    ofThemselves() {
      return own.map((rule) => {
        const by = owner(rule);
        if (!by) throw new Error("Say first whom it is about.");
        if (by.startsWith("staff/") && by !== me.owner) throw new Error("Only they sign this, on their own sign-in.");
        if (!keyOf(by)) throw Object.assign(new Error("Their key is not on this tablet, so they cannot sign here."), { missingKey: by });
        return { owner: by, meaning: rule.meaning, role: by.startsWith("staff/") ? (me.roles.find((each) => !rule.roles.length || rule.roles.includes(each)) ?? "") : "participant" };
      });
    },
    hasOwn: own.length > 0,
  };
}

/** A second person is somebody else, except where a participant signs and whoever is here witnesses. @param {Rule} rule @param {any} me @param {boolean} isGrave @param {string[]} not @param {boolean} isFirst */
function ask(rule, me, isGrave, not, isFirst) {
  const later = rule.when === "later";
  const id = fresh();
  const tick = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id, "data-path": `signs.${rule.meaning}`, checked: isFirst }));
  const signer = whoSigns({ me, roles: rule.roles, pin: isGrave || (later && !isFirst), label: later && !isFirst ? `Second person: who ${meant(rule.meaning)}, by PIN` : `Who ${meant(rule.meaning)}`, not });
  signer.node.setAttribute("data-meaning", rule.meaning);
  const show = () => signer.node.toggleAttribute("hidden", later && !tick.checked);
  tick.addEventListener("change", show);
  show();
  const maybe = later && el("p", { class: "tick" }, tick, el("label", { for: id }, `${isFirst ? "Somebody of the staff" : "A second person"} ${meant(rule.meaning)} now; otherwise it waits for their signature`));
  return { rule, signer, node: el("div", { class: "signer-of" }, maybe, signer.node), wanted: () => !later || tick.checked };
}
