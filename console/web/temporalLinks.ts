import type { Link } from '../desk/desk.ts';
import { html, type Html } from './html.ts';

/** Search attributes that lists of workflows are filtered by; `workflows/searchAttributes.ts` sets them. */
const attributes = { account: 'PlimsollAccount', model: 'PlimsollModel' } as const;

/** A workflow's page in the Temporal UI, as a link; the bare text where no Temporal UI is known. */
export function workflowLink(links: readonly Link[], workflowId: string, text: string): Html {
  const list = workflowList(links);
  return list === undefined ? html`${text}` : html`<a href="${list}/${encodeURIComponent(workflowId)}">${text}</a>`;
}

/** The Temporal UI's list of the workflows of an account or a model, as a link; nothing where no Temporal UI is known. */
export function workflowsLink(
  links: readonly Link[],
  of: { readonly kind: keyof typeof attributes; readonly name: string },
): Html {
  const list = workflowList(links);
  if (list === undefined) return html``;
  const query = `\`${attributes[of.kind]}\`="${of.name.replaceAll('"', '\\"')}"`;
  return html`<a href="${list}?query=${encodeURIComponent(query)}">all workflows of ${of.name}</a>`;
}

function workflowList(links: readonly Link[]): string | undefined {
  return links.find(({ name }) => name === 'Temporal')?.url;
}
