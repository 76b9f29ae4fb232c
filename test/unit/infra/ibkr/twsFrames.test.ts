import { array, assert, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsOf, frameOfFields, greetingOf, TwsFrames } from '#infra/ibkr/twsFrames.ts';

const field = string().map((text) => text.replaceAll('\0', ''));

describe('frames of the TWS socket', () => {
  test('are the fields that were written, however the bytes are cut', () => {
    assert(
      property(
        array(array(field, { minLength: 1 }), { maxLength: 8 }),
        integer({ min: 1, max: 7 }),
        (messages, chunkBytes) => {
          const bytes = Buffer.concat(messages.map(frameOfFields));
          const frames = new TwsFrames();
          const read: (readonly string[])[] = [];
          for (let at = 0; at < bytes.length; at += chunkBytes) {
            read.push(...frames.take(bytes.subarray(at, at + chunkBytes)).map(fieldsOf));
          }
          expect(read).toEqual(messages);
        },
      ),
    );
  });

  test.each([0, -4, 0x01_00_00_00])('of %s bytes are none: what follows cannot be read', (length) => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(length);
    expect(() => new TwsFrames().take(bytes)).toThrow(`a frame of ${length} bytes`);
  });

  test('that do not end with a field are refused, and spoil no other', () => {
    const frames = new TwsFrames().take(
      Buffer.concat([Buffer.from([0, 0, 0, 3]), Buffer.from('9\x001'), frameOfFields(['9', '1', '12'])]),
    );
    expect(() => fieldsOf(frames[0]!)).toThrow(RangeError);
    expect(fieldsOf(frames[1]!)).toEqual(['9', '1', '12']);
  });

  test('begin with the greeting of the vendor', () => {
    expect(greetingOf({ min: 176, max: 193 }).toString('latin1')).toBe('API\0\0\0\0\tv176..193');
  });
});
