import type { FeedKind } from '#activities/ports/marketFeed.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import type { VendorProtocol, VendorSaid, Wanted } from './vendorProtocol.ts';
import { openVendorSocket, type SocketLimits } from './vendorSocket.ts';

/** How a connection ended. */
export interface ConnectionEnd {
  readonly reason: string;
  readonly again: 'never' | 'slowly' | 'soon';
}

/** What a connection tells while it lives. */
export interface ConnectionListener {
  /** All that is wanted is subscribed to; again after each change. */
  readonly live: () => void;
  /** Events of one frame, together: they came at once, so that their order can be mended before any is handed on. */
  readonly events: (events: readonly MarketEvent[]) => void;
  readonly unreadable: (problem: string) => void;
  /** The vendor is out of reach behind a wire that stands; `live` comes again once it is not. */
  readonly down: (reason: string) => void;
}

/** Limits of one connection. */
export interface ConnectionLimits extends SocketLimits {
  /** From the open socket to standing subscriptions. */
  readonly liveTimeoutMs: number;
}

/** A connection under way. */
export interface VendorConnection {
  readonly ended: Promise<ConnectionEnd>;
  change(wanted: Wanted): void;
  end(reason: string): void;
}

/** With what a connection begins. */
export interface Opening {
  readonly wanted: Wanted;
  readonly limits: ConnectionLimits;
  readonly nowMs: () => number;
  readonly listener: ConnectionListener;
}

/** A vendor's stream that is no WebSocket of text frames: it makes its connections itself. */
export interface OwnConnections {
  readonly name: string;
  /** What it can carry. */
  readonly kinds: readonly FeedKind[];
  connect(opening: Opening): VendorConnection;
}

/** Any vendor's stream. */
export type VendorStream = VendorProtocol | OwnConnections;

/** One connection to a vendor, from the handshake to its end: it greets, answers, and hands on what it hears. */
export function connectVendor(stream: VendorStream, opening: Opening): VendorConnection {
  return 'connect' in stream ? stream.connect(opening) : connectOverWebSocket(stream, opening);
}

function connectOverWebSocket(
  protocol: VendorProtocol,
  { wanted, limits, nowMs, listener }: Opening,
): VendorConnection {
  const conversation = protocol.converse(wanted);
  let refusal: ConnectionEnd | undefined;
  let resolve: (end: ConnectionEnd) => void;
  const ended = new Promise<ConnectionEnd>((done) => {
    resolve = done;
  });
  let liveTimer: NodeJS.Timeout | undefined;
  const socket = openVendorSocket(protocol.url, limits, {
    opened: () => {
      liveTimer = setTimeout(() => socket.end('subscriptions were not confirmed in time'), limits.liveTimeoutMs);
      for (const frame of conversation.greeting()) socket.send(frame);
    },
    frame: (text) => {
      const said = conversation.take(text, nowMs());
      const events = said.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
      if (events.length > 0 && !refusal) listener.events(events);
      said.forEach(hear);
    },
    closed: (reason) => {
      clearTimeout(liveTimer);
      resolve(refusal ?? { reason, again: 'soon' });
    },
  });
  const hear = (said: VendorSaid): void => {
    // A frame may hold more after a refusal; nothing of a connection that is over counts.
    if (refusal || said.kind === 'event') return;
    if (said.kind === 'send') socket.send(said.frame);
    else if (said.kind === 'unreadable') listener.unreadable(said.problem);
    else if (said.kind === 'live') {
      clearTimeout(liveTimer);
      listener.live();
    } else {
      refusal = { reason: said.reason, again: said.again };
      socket.end(said.reason);
    }
  };
  return {
    ended,
    change: (now) => {
      for (const frame of conversation.change(now)) socket.send(frame);
    },
    end: (reason) => socket.end(reason),
  };
}
