import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { OpenAPIBackend } from 'openapi-backend';
import type { Document } from 'openapi-backend';

const specifications = path.resolve(import.meta.dirname, '../../../../shared/vendor/specs');

/** A server made of a vendor's own OpenAPI specification. */
export interface ContractServer {
  readonly url: string;
  /** Problems of requests that the specification does not allow: none, if the adapter keeps to it. */
  readonly refusals: readonly string[];
  /** Operations that were asked, oldest first. */
  readonly operations: readonly string[];
  stop(): Promise<void>;
}

/** Whether a vendor's specification lies beside this checkout; where it does not, a line says so. */
export function hasSpecification(file: string): boolean {
  const isThere = existsSync(path.join(specifications, file));
  if (!isThere) console.warn(`skipped: the specification is not beside this checkout (../shared/vendor/specs/${file})`);
  return isThere;
}

/** How a specification is used. */
export interface Contract {
  readonly file: string;
  /** Repairs what keeps the document from being loaded. */
  readonly repair?: (document: Document) => Document;
  /** The specification's example as a server would send it; examples of pages always name a next page. */
  readonly complete?: (body: Readonly<Record<string, unknown>>, isLastPage: boolean) => unknown;
  /** Whether a query asks for a later page. */
  readonly isLaterPage: (query: URLSearchParams) => boolean;
}

const formats: Readonly<Record<string, RegExp | true>> = {
  'date-time': /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: true,
  decimal: true,
  double: true,
  float: true,
  int32: true,
  int64: true,
  uint32: true,
};

/** Starts a server that holds each request against the specification and answers with its examples, in two pages. */
export async function startContractServer({ file, repair, complete, isLaterPage }: Contract): Promise<ContractServer> {
  const document = JSON.parse(readFileSync(path.join(specifications, file), 'utf8')) as Document;
  const specification = new OpenAPIBackend({
    definition: withExamples(repair ? repair(document) : document),
    quick: true,
    ajvOpts: { strict: false, allErrors: true, coerceTypes: true },
    customizeAjv: (ajv) => {
      for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
      return ajv;
    },
  });
  await specification.init();
  const refusals: string[] = [];
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://contract');
    const asked = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: {},
    };
    const operation = specification.matchOperation(asked);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (operation?.operationId === undefined) {
      refusals.push(`no operation: ${request.url ?? ''}`);
      send(404, { message: 'no such operation' });
      return;
    }
    // The page token is the specification's own example, whatever it is made of.
    const { errors } = specification.validateRequest(asked, operation.operationId);
    const known = new Set((operation.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : '')));
    const unknown = [...url.searchParams.keys()].filter((name) => !known.has(name) && !isLaterPage(url.searchParams));
    const problems = [...(errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`), ...unknown];
    if (problems.length > 0) {
      refusals.push(`${operation.operationId}: ${problems.join('; ')}`);
      send(400, { message: problems.join('; ') });
      return;
    }
    operations.push(operation.operationId);
    const { mock } = specification.mockResponseForOperation(operation.operationId) as {
      readonly mock: Readonly<Record<string, unknown>>;
    };
    send(200, complete ? complete(mock, isLaterPage(url.searchParams)) : mock);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals,
    operations,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The generator of answers reads a schema's `example`; newer documents give `examples`. */
function withExamples(document: Document): Document {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => {
    const given: unknown = 'examples' in schema ? schema.examples : undefined;
    return [name, Array.isArray(given) ? { ...schema, example: given[0] as unknown } : schema];
  });
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } } as Document;
}
