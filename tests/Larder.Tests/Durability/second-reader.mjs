// A second reader of a store's files, written from docs/file-format.md and nothing else.
//
//   node second-reader.mjs DIRECTORY NOW [KEY]
//
// NOW is the machine's clock in ticks, KEY is hexadecimal. Prints the entries as lines of JSON, in the order of the keys' bytes; or what is wrong, with exit code 1.

import { createDecipheriv, hkdfSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [directory, machineNow, keyText] = process.argv.slice(2);
const masterKey = keyText ? Buffer.from(keyText, "hex") : null;

const Commit = 1, Close = 2, End = 3, Time = 4, KeyCheck = 5, ImageBegin = 16, Image = 17, ImageEnd = 18;
const HeaderBytes = 64, RecordBytes = 24, TagBytes = 16, MostPayload = 0x60000000;

class Refusal extends Error {}
class Damage extends Refusal {}

const damage = (file, offset, problem) => { throw new Damage(`${file.name} at ${offset}: ${problem}`); };

// ---- CRC-32C

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
  return n >>> 0;
});

function crc32c(...parts) {
  let crc = 0xffffffff;
  for (const part of parts) for (const byte of part) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

// ---- files

function open(kind, number) {
  const digits = number.toString(16).padStart(16, "0");
  const name = kind === "segment" ? `wal-${digits}.log` : `snap-${digits}.snp`;
  const file = { name, kind, number, bytes: readFileSync(join(directory, name)) };
  const { bytes } = file;
  if (bytes.length < HeaderBytes || bytes.toString("latin1", 0, 4) !== (kind === "segment" ? "LRDW" : "LRDS")) damage(file, 0, "no header");
  if (bytes.readUInt32LE(60) !== crc32c(bytes.subarray(0, 60))) damage(file, 0, "broken header");
  if (bytes.readUInt16LE(6) > 1) throw new Refusal(`${name}: newer format`);
  const flags = bytes.readUInt32LE(8);
  if (flags > 1) damage(file, 8, "unknown flags");
  file.isEncrypted = flags === 1;
  file.storeId = bytes.toString("hex", 12, 28);
  if (bytes.readBigInt64LE(28) !== number) damage(file, 28, "another number");
  file.sequence = bytes.readBigInt64LE(36);
  file.salt = bytes.subarray(44, 52);
  file.created = bytes.readBigInt64LE(52);
  file.position = HeaderBytes;
  if (file.isEncrypted !== (masterKey !== null)) throw new Refusal(`${name}: ${masterKey ? "not encrypted" : "encrypted"}`);
  if (file.isEncrypted) {
    const salt = Buffer.concat([file.salt, Buffer.of(kind === "segment" ? 0 : 1)]);
    const info = Buffer.concat([Buffer.from("larder:", "latin1"), bytes.subarray(12, 28), bytes.subarray(28, 36)]);
    file.key = Buffer.from(hkdfSync("sha256", masterKey, salt, info, 32));
  }

  return file;
}

// ---- records

/** The whole record at an offset, or null. */
function recordAt(file, at) {
  const { bytes } = file;
  if (at + RecordBytes > bytes.length) return null;
  const length = bytes.readUInt32LE(at);
  if (length > MostPayload || at + RecordBytes + length > bytes.length || bytes[at + 16] === 0) return null;
  const end = at + RecordBytes + length;
  const next = (end + 7) & ~7;
  if (next > bytes.length || bytes.subarray(end, next).some(byte => byte !== 0)) return null;
  if (bytes.readUInt32LE(at + 4) !== crc32c(file.salt, bytes.subarray(at, at + 4), bytes.subarray(at + 8, end))) return null;
  const sequence = bytes.readBigInt64LE(at + 8);
  const hint = bytes.readUInt32LE(at + 20);
  return {
    at, next, sequence, kind: bytes[at + 16], checksum: bytes.readUInt32LE(at + 4),
    durable: hint === 0xffffffff ? 0n : sequence - BigInt(hint), payload: bytes.subarray(at + RecordBytes, end),
  };
}

function decrypt(file, record) {
  if (!file.isEncrypted) return record.payload;
  if (record.payload.length < TagBytes) damage(file, record.at, "no tag");
  const nonce = Buffer.concat([Buffer.of(record.kind, 0, 0, 0), file.bytes.subarray(record.at + 8, record.at + 16)]);
  const associated = Buffer.concat([file.bytes.subarray(record.at, record.at + 4), file.bytes.subarray(record.at + 8, record.at + 24)]);
  const decipher = createDecipheriv("aes-256-gcm", file.key, nonce, { authTagLength: TagBytes });
  decipher.setAAD(associated);
  decipher.setAuthTag(record.payload.subarray(-TagBytes));
  try {
    return Buffer.concat([decipher.update(record.payload.subarray(0, -TagBytes)), decipher.final()]);
  } catch {
    if (record.kind === KeyCheck) throw new Refusal("the key is the wrong one");
    damage(file, record.at, "does not decrypt");
  }
}

/** The next record, decrypted, or null where no whole one stands. */
function next(file) {
  let record = recordAt(file, file.position);
  if (record && file.isEncrypted && file.position === HeaderBytes && record.kind === KeyCheck) {
    decrypt(file, record);
    file.position = record.next;
    record = recordAt(file, file.position);
  }

  if (!record) return null;
  record.content = decrypt(file, record);
  file.position = record.next;
  return record;
}

const isZero = bytes => bytes.every(byte => byte === 0);

// ---- changes

function* changesIn(file, record) {
  const bytes = record.content;
  let at = 0;
  const need = count => { if (count > bytes.length - at) damage(file, record.at, "a change is cut off"); };
  const varint = () => {
    let number = 0n;
    for (let shift = 0n; shift <= 56n; shift += 7n) {
      need(1);
      const byte = bytes[at++];
      number |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0n) break;
        return number;
      }
    }

    damage(file, record.at, "a number makes no sense");
  };
  const take = () => {
    const length = Number(varint());
    need(length);
    return bytes.subarray(at, at += length);
  };
  do {
    need(1);
    const what = bytes[at++];
    const kind = what & 7;
    if (kind === 5 || kind === 6) damage(file, record.at, "an unknown kind of change");
    const change = { kind, endsHistory: (what & 8) !== 0, valueKind: what >> 6, deadline: null, version: record.sequence };
    change.key = take();
    if (change.key.length === 0 && kind !== 4) damage(file, record.at, "a change without a key");
    if (what & 16) {
      need(8);
      change.deadline = bytes.readBigInt64LE(at);
      at += 8;
      if (change.deadline < 0n) damage(file, record.at, "a deadline before all time");
    }

    if (kind === 0) {
      change.hasVersion = (what & 32) !== 0;
      if (change.hasVersion) change.version = varint();
      change.value = take();
    }

    yield change;
  } while (at < bytes.length);
}

// ---- the state

let entries, time, last;

function begin() {
  entries = new Map();
  time = 0n;
  last = 0n;
}

const later = ticks => { if (ticks > time) time = ticks; };

function apply(change) {
  const name = change.key.toString("latin1");
  const entry = entries.get(name);
  switch (change.kind) {
    case 0:
      entries.set(name, { key: change.key, value: change.value, valueKind: change.valueKind, version: change.version, deadline: change.deadline });
      break;
    case 7:
      if (entry) entries.set(name, { ...entry, deadline: change.deadline, version: change.version });
      break;
    case 4:
      for (const other of [...entries.keys()]) if (other.length > name.length && other.startsWith(name)) entries.delete(other);
      break;
    default:
      entries.delete(name);
  }
}

// ---- a checkpoint: returns the segment in which the log goes on

function readCheckpoint(number) {
  const file = open("checkpoint", number);
  const must = () => next(file) ?? damage(file, file.position, "no whole record");
  const start = must();
  if (start.kind !== ImageBegin || start.sequence !== file.sequence || start.content.length !== 16) damage(file, start.at, "no beginning");
  let blocks = 0n, changes = 0n, sum = 0n, record;
  for (record = must(); record.kind === Image; record = must()) {
    if (record.sequence !== blocks++) damage(file, record.at, "a block is missing");
    sum += BigInt(record.checksum);
    for (const change of changesIn(file, record)) {
      if (change.kind !== 0 || !change.hasVersion || change.version > file.sequence) damage(file, record.at, "no entry");
      changes++;
      apply(change);
    }
  }

  if (record.kind !== ImageEnd || record.sequence !== file.sequence || record.content.length !== 16) damage(file, record.at, "no end");
  if (record.content.readBigInt64LE(0) !== changes || record.content.readBigInt64LE(8) !== sum) damage(file, record.at, "wrong count or sum");
  if (file.position !== file.bytes.length) damage(file, file.position, "something follows the end");
  last = file.sequence;
  later(start.content.readBigInt64LE(8));
  return start.content.readBigInt64LE(0);
}

// ---- the log

/** Whole records from an offset on, at multiples of 8, stepping over those that are found. */
function* recordsFrom(file, at, from) {
  for (; at + RecordBytes <= file.bytes.length; ) {
    const record = recordAt(file, at);
    if (record && record.sequence >= from) yield record;
    at = record ? record.next : at + 8;
  }
}

/** Reads a segment; whether it has an end. */
function readSegment(number, isFirst) {
  const file = open("segment", number);
  let sequence = file.sequence - 1n;
  if (isFirst ? sequence > last : sequence !== last) damage(file, 36, "does not go on where the log was");
  later(file.created);
  let isClosed = false;
  for (let record = next(file); record; record = next(file)) {
    const ticks = record.content.length === 8 ? record.content.readBigInt64LE(0) : null;
    if (record.kind === Commit && record.sequence === sequence + 1n && !isClosed) {
      sequence++;
      for (const change of changesIn(file, record)) if (sequence > last) apply(change);
      if (sequence > last) last = sequence;
    } else if (record.kind === Time && ticks !== null) {
      later(ticks);
    } else if (record.kind === Close && record.sequence === sequence && ticks !== null) {
      later(ticks);
      isClosed = true;
    } else if (record.kind === End && record.sequence === sequence && ticks === number + 1n) {
      for (const behind of recordsFrom(file, file.position, sequence)) damage(file, behind.at, "a record behind the end");
      return true;
    } else {
      damage(file, record.at, "a record that cannot stand here");
    }
  }

  if (!isZero(file.bytes.subarray(file.position))) {
    for (const behind of recordsFrom(file, file.position, sequence)) {
      if (behind.durable > sequence) damage(file, file.position, "broken, though it was durable");
    }
  }

  return false;
}

/** Whether a segment holds nothing behind its header. */
function isBlank(number) {
  const bytes = readFileSync(join(directory, `wal-${number.toString(16).padStart(16, "0")}.log`));
  const from = bytes[HeaderBytes + 16] === KeyCheck ? HeaderBytes + RecordBytes + TagBytes : HeaderBytes;
  return isZero(bytes.subarray(from));
}

function readLog(segments, first) {
  if (first === 0n) {
    for (const number of segments) {
      if (isBlank(number)) continue;
      const file = open("segment", number);
      if (file.sequence <= last) continue;
      for (let record = next(file); record; record = next(file)) {
        if (record.kind === Commit) damage(file, record.at, "a commit behind a checkpoint that is missing");
      }
    }

    return;
  }

  const log = segments.filter(number => number >= first);
  for (let i = 0; i < log.length; i++) {
    if (log[i] !== first + BigInt(i)) throw new Damage(`segment ${first + BigInt(i)} is missing`);
    if (!readSegment(log[i], i === 0)) {
      if (!log.slice(i + 1).every(isBlank)) throw new Damage(`segment ${log[i]} has no end, and others follow`);
      return;
    }
  }

  throw new Damage(`segment ${first + BigInt(log.length)} is missing`);
}

// ---- the store

/** What a header says, if it is whole. */
function storeIdOf(kind, number) {
  try {
    return open(kind, number).storeId;
  } catch (refusal) {
    if (refusal instanceof Damage) return null;
    throw refusal;
  }
}

function read() {
  const names = readdirSync(directory);
  const numbers = form => names.map(name => form.exec(name)).filter(match => match).map(match => BigInt(`0x${match[1]}`)).filter(n => n > 0n && n < 2n ** 63n).sort((a, b) => (a < b ? -1 : 1));
  const segments = numbers(/^wal-([0-9a-f]{16})\.log$/);
  const checkpoints = numbers(/^snap-([0-9a-f]{16})\.snp$/).reverse();
  if (segments.length + checkpoints.length === 0) throw new Refusal("there is no store");
  const ids = new Set([...segments.map(number => storeIdOf("segment", number)), ...checkpoints.map(number => storeIdOf("checkpoint", number))].filter(id => id));
  if (ids.size > 1) throw new Refusal("files of several stores");
  let first = null;
  for (const number of [...checkpoints, null]) {
    if (number === null && first !== null && segments[0] !== 1n) break;
    begin();
    try {
      const goesOn = number === null ? 1n : readCheckpoint(number);
      if (first && goesOn === 0n) throw first;
      readLog(segments, goesOn);
      checkNote([...ids][0], goesOn === 0n ? number : null);
      return;
    } catch (refusal) {
      if (!(refusal instanceof Damage)) throw refusal;
      first ??= refusal;
    }
  }

  throw first;
}

function checkNote(storeId, alone) {
  let note;
  try {
    note = readFileSync(join(directory, "LOCK")).subarray(64, 104);
  } catch {
    return;
  }

  if (note.length < 40 || note.toString("latin1", 0, 4) !== "LRDN" || note.readUInt32LE(36) !== crc32c(note.subarray(0, 36)) || note.toString("hex", 4, 20) !== storeId) return;
  if (note.readBigInt64LE(28) > last) throw new Damage(`commit ${note.readBigInt64LE(28)} was on stable storage, but the last one here is ${last}`);
  if (alone !== null && note.readBigInt64LE(20) > alone) throw new Damage("the newest checkpoint is missing");
}

try {
  read();
  later(BigInt(machineNow));
  for (const entry of [...entries.values()].sort((a, b) => Buffer.compare(a.key, b.key))) {
    if (entry.deadline !== null && entry.deadline <= time) continue;
    console.log(JSON.stringify({
      key: entry.key.toString("utf8"), value: entry.value.toString("hex"), kind: entry.valueKind, version: String(entry.version), deadline: entry.deadline === null ? null : String(entry.deadline),
    }));
  }
} catch (refusal) {
  if (!(refusal instanceof Refusal)) throw refusal;
  console.error(refusal.message);
  process.exitCode = 1;
}
