import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '#console/web/html.ts';

test('no text put into a template can become markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const shown = html`<p title="${text}">${[text, text]}</p>`.toString();
      expect(
        shown
          .replaceAll(/&(amp|lt|gt|quot|#39);/g, '')
          .match(/[<>"']/g)
          ?.join(''),
      ).toBe('<""><>');
    }),
  );
});

test('a template inside a template is not escaped again, nothing is shown for nothing', () => {
  const items = [1, 2].map((item) => html`<b>${item}</b>`);
  expect(html`<i>${items}${null}${undefined}</i>`.toString()).toBe('<i><b>1</b><b>2</b></i>');
});
