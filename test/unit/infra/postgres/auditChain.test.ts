import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditRecord } from '#activities/ports/auditLog.ts';
import { follow, genesisHash, sealed } from '#infra/postgres/auditChain.ts';

const start = { sequence: 0, hash: genesisHash };

function chain(bodies: readonly Readonly<Record<string, unknown>>[]): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const body of bodies) {
    const sequence = records.length + 1;
    records.push(
      sealed({
        sequence,
        key: `event:${sequence}`,
        actor: 'ada',
        action: 'test',
        subject: 'chain',
        body,
        recordedAtMs: 1_600_000_000_000 + sequence,
        previousHash: records.at(-1)?.hash ?? genesisHash,
      }),
    );
  }
  return records;
}

const bodies = fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))), {
  minLength: 1,
  maxLength: 8,
});

test('a chain follows from its start, whole or in pages', () => {
  fc.assert(
    fc.property(bodies, fc.nat(8), (contents, cut) => {
      const records = chain(contents);
      const whole = follow(start, records);
      const head = follow(start, records.slice(0, cut));
      expect(whole).toEqual({
        kind: 'follows',
        position: { sequence: records.length, hash: records.at(-1)?.hash },
      });
      expect(head.kind === 'follows' && follow(head.position, records.slice(cut))).toEqual(whole);
    }),
  );
});

test('a change of any field of any record breaks the chain at that record', () => {
  const fields = ['key', 'actor', 'action', 'subject', 'previousHash', 'hash'] as const;
  fc.assert(
    fc.property(bodies, fc.nat(), fc.constantFrom(...fields), (contents, pick, field) => {
      const records = chain(contents);
      const index = pick % records.length;
      const altered = records.map((record, at) => (at === index ? { ...record, [field]: 'altered' } : record));
      expect(follow(start, altered)).toEqual({ kind: 'broken', at: index + 1 });
    }),
  );
});

test('the hash covers the canonical JSON of the record and the hash before it', () => {
  // sha256sum (GNU coreutils) of
  // {"action":"test","actor":"ada","body":{"a":[true],"b":1},"key":"event:1","previousHash":"0...0",
  // "recordedAtMs":1600000000001,"sequence":1,"subject":"chain"} on one line, with 64 zeros
  const expected = '178857c5094ee71ad1b76048760f4e89ea38a00a3504ef05dabf961149a9cc01';
  expect(chain([{ b: 1, a: [true] }])[0]?.hash).toBe(expected);
});
