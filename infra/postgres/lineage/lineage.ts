import type { ArtifactRow, SnapshotRow } from '#activities/ports/catalogue.ts';
import type { DecisionRow, OrderRow } from '#activities/ports/ledger.ts';
import { refuseApproval } from '#domain/approval.ts';
import { verifyArtifact, type ArtifactManifest } from '#domain/artifact.ts';
import { digest, type Digest } from '#domain/digest.ts';
import type { Fill } from '#domain/order.ts';
import { statementText, type ReviewStatement } from '#domain/reviewStatement.ts';
import { digestOf } from '#domain/sha256.ts';
import { createApprovals } from '../approvals.ts';
import { createCatalogue } from '../catalogue.ts';
import type { Database } from '../database.ts';
import { createLedger } from '../ledger/ledger.ts';
import { createPeople } from '../people.ts';
import { orderMeant, restingOrders, type RestingOrder } from './restingOrders.ts';

/** Something the walk checked on its way; what does not hold says why. */
export interface Proof {
  readonly claim: string;
  readonly holds: boolean;
  readonly why?: string;
}

/** A model behind an order. */
export interface ModelOrigin extends ArtifactRow {
  /** Absent when the stored bytes are not those of the digest, or cannot be read. */
  readonly manifest?: ArtifactManifest;
  /** What people signed for; empty when nobody did. */
  readonly reviews: readonly ReviewStatement[];
  readonly trainedOn?: SnapshotRow;
}

/** The way from an order back to what it came from: each step is read by the identity that the one before it names. */
export interface OrderLineage {
  readonly order: OrderRow;
  readonly fills: readonly Fill[];
  /** Absent for orders that no decision asked for, such as those that close an account. */
  readonly decision?: DecisionRow;
  /** Newest data the decision was made from. */
  readonly decidedFrom?: SnapshotRow;
  /** Absent for orders of a rule. */
  readonly model?: ModelOrigin;
  readonly proofs: readonly Proof[];
}

/** Walks from orders to their origins, and back. */
export interface Lineage {
  /**
   * The origins of the order that has this client order id, or this execution; undefined when there is none. Whatever is
   * missing or altered on the way is a proof that does not hold, never an error: the rest is wanted all the more.
   */
  originOf(asked: string): Promise<OrderLineage | undefined>;
  /** Orders that rest on a digest, a `model:version`, an MLflow run or a reviewer; newest first. */
  restingOn(asked: string): Promise<readonly RestingOrder[]>;
}

/** What lineage is read with. */
export interface LineageSources {
  readonly database: Database;
  readonly readObject: (key: string) => Promise<Uint8Array>;
  /** Different people who must have signed for a model's bytes. */
  readonly approvalsRequired: number;
}

/** Lineage over ledger, catalogue and approvals in PostgreSQL, and the models in the object store. */
export function createLineage(sources: LineageSources): Lineage {
  const { database } = sources;
  return {
    async originOf(asked) {
      const clientOrderId = await orderMeant(database, asked);
      const order = clientOrderId === undefined ? undefined : await createLedger(database).order(clientOrderId);
      return order && originOf(sources, order);
    },
    restingOn: (asked) => restingOrders(database, asked),
  };
}

async function originOf(sources: LineageSources, order: OrderRow): Promise<OrderLineage> {
  const ledger = createLedger(sources.database);
  const ofSession = await ledger.fills(order.account, order.session);
  const fills = ofSession.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  const proofs = [filledAsSettled(order, fills)];
  const { decisionId, artifactDigest } = order;
  const decision = decisionId === undefined ? undefined : await ledger.decision(decisionId);
  if (decision) proofs.push(...decidedForIt(order, decision));
  const from = decision?.body['snapshotDigest'];
  const decidedFrom = typeof from === 'string' ? await snapshot(sources, digest(from), proofs) : undefined;
  const model = artifactDigest === undefined ? undefined : await modelOf(sources, artifactDigest, proofs);
  return {
    order,
    fills,
    ...(decision && { decision }),
    ...(decidedFrom && { decidedFrom }),
    ...(model && { model }),
    proofs,
  };
}

function filledAsSettled({ filledQuantity }: OrderRow, fills: readonly Fill[]): Proof {
  const sum = fills.reduce((total, { quantity }) => total + quantity, 0);
  const claim = 'its fills add up to what it was settled with';
  return proof(claim, sum === filledQuantity, `${sum} shares and ${filledQuantity}`);
}

function decidedForIt(order: OrderRow, { artifactDigest, body, inputsDigest }: DecisionRow): readonly Proof[] {
  const { targets: _, ...inputs } = body;
  const isOfModel = artifactDigest === (order.artifactDigest ?? '');
  return [
    proof('its decision was made by the model it names', isOfModel, `the decision names ${artifactDigest}`),
    proof('what the decision rests on is as it was written', digestOf(inputs) === inputsDigest, 'it was altered'),
  ];
}

async function modelOf(
  sources: LineageSources,
  artifactDigest: Digest,
  proofs: Proof[],
): Promise<ModelOrigin | undefined> {
  const row = await createCatalogue(sources.database).artifact(artifactDigest);
  proofs.push(proof('the catalogue knows its model', row !== undefined, `it has no artifact ${artifactDigest}`));
  if (!row) return undefined;
  const manifest = await storedManifest(sources, row, proofs);
  const reviews = await reviewsOf(sources, row, proofs);
  const trainedOn = await snapshot(sources, row.snapshotDigest, proofs);
  return { ...row, reviews, ...(manifest && { manifest }), ...(trainedOn && { trainedOn }) };
}

async function storedManifest(
  { readObject }: LineageSources,
  { digest: artifactDigest, objectPrefix }: ArtifactRow,
  proofs: Proof[],
): Promise<ArtifactManifest | undefined> {
  const claim = 'the stored model is, byte for byte, the one it names';
  const read = (name: string): Promise<Uint8Array> => readObject(objectPrefix + name);
  try {
    const text = await read('manifest.json');
    const { files } = JSON.parse(new TextDecoder().decode(text)) as ArtifactManifest;
    const parts = await Promise.all(Object.keys(files).map(async (name) => [name, await read(name)] as const));
    const manifest = verifyArtifact({ ...Object.fromEntries(parts), 'manifest.json': text }, artifactDigest);
    proofs.push({ claim, holds: true });
    return manifest;
  } catch (error) {
    proofs.push({ claim, holds: false, why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

async function reviewsOf(
  { database, approvalsRequired }: LineageSources,
  { digest: artifactDigest, model, modelVersion, author }: ArtifactRow,
  proofs: Proof[],
): Promise<readonly ReviewStatement[]> {
  const approval = await createApprovals(database).approved(artifactDigest);
  const people = createPeople(database);
  const reviews = approval?.reviews ?? [];
  const standings = await Promise.all(
    reviews.map(({ statement, signature }) => {
      const { reviewer: name, key } = statement;
      return people.checkSignature({ name, key, text: statementText(statement), signature });
    }),
  );
  const why = refuseApproval({ model, modelVersion, artifactDigest }, approval && { ...approval, standings }, {
    author,
    approvalsRequired,
  });
  proofs.push(proof('people other than its author signed for its bytes', why === undefined, why ?? ''));
  return reviews.map(({ statement }) => statement);
}

async function snapshot(
  { database }: LineageSources,
  wanted: Digest,
  proofs: Proof[],
): Promise<SnapshotRow | undefined> {
  const row = await createCatalogue(database).snapshot(wanted);
  if (!row) proofs.push({ claim: 'the catalogue knows its data', holds: false, why: `it has no snapshot ${wanted}` });
  return row;
}

function proof(claim: string, holds: boolean, why: string): Proof {
  return holds ? { claim, holds } : { claim, holds, why };
}
