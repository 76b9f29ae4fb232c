import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { marketEventOfText, marketEventText } from '#domain/marketEventText.ts';
import { marketEventArbitrary } from '#test/marketEventArbitrary.ts';

describe("an event's text", () => {
  test('is its canonical JSON, and reads back as the same event', () =>
    fc.assert(
      fc.property(marketEventArbitrary, (event) => {
        const text = marketEventText(event);
        expect(text).toBe(canonicalJson(event));
        expect(text).not.toContain('\n');
        expect(marketEventOfText(text)).toEqual(event);
      }),
    ));

  const band = '{"kind":"priceBand","lower":1,"receivedMs":2,"symbol":"A","upper":3,"venueMs":null}';
  test.each([
    ['that is cut off', band.slice(0, -1)],
    ['of an unknown kind', band.replace('priceBand', 'toString')],
    ['that is no object', 'null'],
    ['without a field', band.replace('"lower":1,', '')],
    ['with a field too many', band.replace('{', '{"more":1,')],
    ['with a figure that is a text', band.replace('"lower":1', '"lower":"1"')],
    ['with a negative price', band.replace('"lower":1', '"lower":-1')],
    ['without an arrival', band.replace('"receivedMs":2', '"receivedMs":null')],
  ])('%s is refused', (_, text) => expect(() => marketEventOfText(text)).toThrow(RangeError));

  test('with a sale condition we have no word for is refused', () => {
    const trade =
      '{"conditions":["toString"],"exchange":"","kind":"trade","price":1,"receivedMs":1,"size":1,"symbol":"A","tradeId":null,"venueMs":1}';
    expect(() => marketEventOfText(trade)).toThrow('conditions');
    expect(marketEventOfText(trade.replace('toString', 'oddLot'))).toMatchObject({ conditions: ['oddLot'] });
  });
});
