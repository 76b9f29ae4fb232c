import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createConsole } from '#console/web/server.ts';
import { memoryDesk, passwords, type MemoryDesk, type MemoryDeskFaults } from './memoryDesk.ts';

/** A person with a session. */
export interface Visitor {
  get(url: string): Promise<LightMyRequestResponse>;
  /** Posts a form with the token of the visitor's pages, unless the fields hold another. */
  post(url: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

/** The web console over a desk in memory, as visitors meet it. */
export interface VisitedConsole {
  readonly desk: MemoryDesk;
  readonly server: FastifyInstance;
  /** What the server reported. */
  readonly errors: unknown[];
  submit(
    url: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  logIn(name: string): Promise<Visitor>;
}

/** Opens a console; whoever opened it closes its server. */
export async function openConsole(given: {
  readonly faults: MemoryDeskFaults;
  readonly now: () => number;
  readonly publicUrl?: string;
}): Promise<VisitedConsole> {
  const desk = memoryDesk(given.faults);
  const errors: unknown[] = [];
  const server = await createConsole({
    desk,
    sessionHours: 1,
    loginAttemptsMax: 3,
    now: given.now,
    publicUrl: given.publicUrl,
    onError: (error) => errors.push(error),
  });
  const submit: VisitedConsole['submit'] = (url, fields, headers = {}) =>
    server.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const logIn = async (name: string): Promise<Visitor> => {
    const { headers } = await submit('/login', { name, password: passwords[name] ?? '' });
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const get: Visitor['get'] = (url) => server.inject({ url, headers: { cookie } });
    const formToken = /name="formToken" value="([^"]+)"/.exec((await get('/models')).body)?.[1] ?? '';
    return { get, post: (url, fields = {}, extra = {}) => submit(url, { formToken, ...fields }, { cookie, ...extra }) };
  };
  return { desk, server, errors, submit, logIn };
}

/** Text of a page, tags left out, as somebody reads it. */
export async function textOf(at: Visitor, url: string): Promise<string> {
  const { body } = await at.get(url);
  return body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}
