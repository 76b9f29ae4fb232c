import { array, assert, constantFrom, double, oneof, property, string, tuple, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#infra/files/csvColumns.ts';

const read = (text: string) => readCsv(Buffer.from(text), (name) => (name === 'name' ? 'text' : 'figure'));
const figures = (text: string): readonly number[] => [...read(text).figures.values()].flatMap((column) => [...column]);

describe('a table of figures', () => {
  it('gives each figure as the language reads its text, whatever its digits', () => {
    const decimals = tuple(integer({ min: -1e9, max: 1e9 }), integer({ min: 0, max: 20 })).map(([value, places]) =>
      (value / 7).toFixed(places),
    );
    assert(
      property(array(oneof(decimals, double({ noNaN: true }).map(String)), { minLength: 1 }), (cells) => {
        expect(figures(`figure\n${cells.join('\n')}\n`)).toEqual(cells.map(Number));
      }),
    );
  });

  it.each([
    ['', Number.NaN],
    ['abc', Number.NaN],
    ['1.2.3', Number.NaN],
    ['-', Number.NaN],
    ['.', Number.NaN],
    ['12x', Number.NaN],
    ['"1,5"', Number.NaN],
    ['1e3', 1000],
    ['-0.5', -0.5],
    ['.5', 0.5],
    [' 7 ', 7],
    ['"8"', 8],
    ['0.00000000000000000000000001', 1e-26],
  ])('reads %j as %d', (cell, value) => expect(figures(`figure,other\n${cell},1\n`)[0]).toBe(value));

  it('gives texts back as they were, quoted or not', () => {
    const cell = string({ unit: constantFrom('a', '"', ',', '\n', ' ', 'é', ';'), minLength: 1 });
    assert(
      property(array(cell, { minLength: 1 }), (cells) => {
        const lines = cells.map((text) => `"${text.replaceAll('"', '""')}",1`);
        expect(read(`name,figure\r\n${lines.join('\r\n')}`).texts.get('name')).toEqual(cells);
      }),
    );
  });

  it.each([';', '\t', ','])('takes %j for the delimiter when the header says so', (delimiter) => {
    const table = read(`\uFEFFname${delimiter}open\nA${delimiter}1.5\n\nB${delimiter}2\n`);
    expect(table.header).toEqual(['name', 'open']);
    expect(table.rows).toBe(2);
    expect([...table.figures.get('open')!]).toEqual([1.5, 2]);
  });

  it('names lines that have too few or too many cells, and keeps columns even', () => {
    const table = read('open,name,high\n1,A\n2,B,3,4\n5\n6,C,7\n');
    expect(table.unevenLines).toEqual([2, 3, 4]);
    expect(table.texts.get('name')).toEqual(['A', 'B', '', 'C']);
    expect([...table.figures.get('high')!]).toEqual([Number.NaN, 3, Number.NaN, 7]);
  });

  it('is empty for a header alone, and for nothing', () => {
    expect(read('open,high\n').rows).toBe(0);
    expect(read('').rows).toBe(0);
  });
});
