/** Whether a Merkle tree (RFC 6962, section 2.1) holds a leaf. */

import { areEqual, concat } from "./bytes.js";
import { sha256 } from "./crypto.js";
import { Invalid } from "./invalid.js";

/** @param {Uint8Array} entry */
export const leafHash = (entry) => sha256(concat(Uint8Array.of(0), entry));

/** @param {Uint8Array} left @param {Uint8Array} right */
const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/**
 * Pass when the tree of `size` leaves under `root` has `leaf` at `position`; `proof` has the leaf side first.
 *
 * @param {Uint8Array} leaf @param {number} position @param {number} size
 * @param {Uint8Array[]} proof @param {Uint8Array} root
 */
export async function checkInclusion(leaf, position, size, proof, root) {
  if (position >= size) throw new Invalid("tree-range", "The tree ends before this position.", "position");
  const passedLeft = [];
  for (let start = 0, end = size; end - start > 1; ) {
    let half = 1; // the largest power of two below the number of leaves
    while (2 * half < end - start) half *= 2;
    const goesRight = position >= start + half;
    passedLeft.unshift(goesRight);
    if (goesRight) start += half;
    else end = start + half;
  }
  const isWhole = proof.length === passedLeft.length && proof.every(({ length }) => length === 32);
  let computed = leaf;
  for (const [at, sibling] of isWhole ? proof.entries() : []) {
    computed = await (passedLeft[at] ? nodeHash(sibling, computed) : nodeHash(computed, sibling));
  }
  if (!isWhole || !areEqual(computed, root)) {
    throw new Invalid("inclusion-proof", "The entry is not at this position of the tree with this root.");
  }
}
