// An independent check of subscriber frames: node's own crypto and nothing of the project. Reads JSON lines from stdin,
// prints one line each: `ok HEIGHT FEED` or `refused REASON`.   node verify_update.mjs GROUP_KEY_HEX [NETWORK_ID_HEX]
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const HEADER_SIZE = 272;
const LEAF_SIZE = 140;
const DOMAIN = Buffer.concat([Buffer.from('assay/batch/v1', 'ascii'), Buffer.alloc(2)]);
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410: what comes before the raw key

class Refused extends Error {}
const demand = (condition, reason) => {
  if (!condition) throw new Refused(reason);
};

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const leafHash = (bytes) => sha256(Buffer.from([0]), bytes);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

// Buffer.from ignores what is not base64, so the text must be what we would have written.
function bytes(text, size, what) {
  demand(typeof text === 'string', `${what} is missing`);
  const out = Buffer.from(text, 'base64');
  demand(out.toString('base64') === text, `${what} is not canonical base64`);
  demand(size === undefined || out.length === size, `${what} has ${out.length} bytes`);
  return out;
}

// RFC 9162, 2.1.3.2.
function rootFromPath(hash, index, size, path) {
  demand(Number.isInteger(index) && index >= 0 && index < size, 'index outside the tree');
  let fn = index;
  let sn = size - 1;
  let root = hash;
  for (const step of path) {
    demand(sn !== 0, 'path too long');
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(step, root);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      root = nodeHash(root, step);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  demand(sn === 0, 'path too short');
  return root;
}

// RFC 9162, 2.1.1: split at the largest power of two below the size.
function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

function check(frame, groupKey, networkId) {
  demand(frame.type === 'update' || frame.type === 'batch', 'neither update nor batch');
  const header = bytes(frame.header, HEADER_SIZE, 'header');
  demand(header.subarray(0, 16).equals(DOMAIN), 'another domain');
  demand(!networkId || header.subarray(16, 48).equals(networkId), 'another network');
  demand(verify(null, header, groupKey, bytes(frame.signature, 64, 'signature')), 'signature');

  const height = header.readBigUInt64BE(84);
  const feedsRoot = header.subarray(132, 164);
  const feedCount = header.readUInt32BE(164);
  demand(frame.height === height.toString(), 'height beside the header');

  const entries = frame.type === 'update' ? [frame] : frame.leaves;
  demand(Array.isArray(entries) && entries.length > 0, 'no leaves');
  const hashes = entries.map((entry) => {
    const leaf = bytes(entry.leaf, LEAF_SIZE, 'leaf');
    const id = sha256(Buffer.from('assay/feed/v1', 'ascii'), Buffer.alloc(1), Buffer.from(String(entry.feed), 'utf8'));
    demand(leaf.subarray(1, 33).equals(id), 'leaf of another feed');
    demand(leaf.readBigUInt64BE(33) === height, 'leaf of another height');
    return leafHash(leaf);
  });
  if (entries.every((entry) => entry.path === undefined)) {
    demand(entries.length === feedCount, 'no paths, and not all leaves');
    demand(rootOf(hashes).equals(feedsRoot), 'leaves');
  } else {
    entries.forEach((entry, i) => {
      demand(Array.isArray(entry.path), 'path is missing');
      const path = entry.path.map((step) => bytes(step, 32, 'path'));
      demand(rootFromPath(hashes[i], entry.index, feedCount, path).equals(feedsRoot), 'path');
    });
  }
  return `ok ${height} ${entries.map((entry) => entry.feed).join(' ')}`;
}

const [keyHex, networkHex] = process.argv.slice(2);
const key = createPublicKey({
  key: Buffer.concat([SPKI_ED25519, Buffer.from(keyHex, 'hex')]),
  format: 'der',
  type: 'spki',
});
const network = networkHex ? Buffer.from(networkHex, 'hex') : undefined;
let refused = 0;
for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (line.trim() === '') continue;
  try {
    console.log(check(JSON.parse(line), key, network));
  } catch (error) {
    refused += 1;
    console.log(`refused ${error.message}`);
  }
}
process.exitCode = refused === 0 ? 0 : 1;
