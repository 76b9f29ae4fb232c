import { inflateSync } from 'node:zlib';

/** An image of eight bits a channel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 3: red, green, blue; 4: opacity too. */
  readonly channels: number;
  /** Shape [height, width, channels]. */
  readonly values: Uint8Array;
}

/**
 * Decodes a PNG as browsers write screenshots: eight bits, colours, not interlaced (ISO/IEC 15948).
 * @throws Error for any other PNG
 */
export function pngPixels(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height, depth, colour] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
  const channels = colour === 2 ? 3 : 4;
  if (depth !== 8 || (colour !== 2 && colour !== 6) || png[28] !== 0) throw new Error('not a screenshot');
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const values = new Uint8Array(height * stride);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)]!;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column >= channels ? values[at - channels]! : 0;
      const up = row > 0 ? values[at - stride]! : 0;
      const corner = column >= channels && row > 0 ? values[at - stride - channels]! : 0;
      values[at] = raw[row * (stride + 1) + 1 + column]! + predicted(filter, { left, up, corner });
    }
  }
  return { width, height, channels, values };
}

/** Part of an image whose pixels differ clearly from its first one, the paper. */
export function inkedPart({ width, height, channels, values }: Pixels): number {
  let inked = 0;
  for (let at = 0; at < values.length; at += channels) {
    const away = [0, 1, 2].reduce((sum, channel) => sum + Math.abs(values[at + channel]! - values[channel]!), 0);
    if (away > 60) inked += 1;
  }
  return inked / (width * height);
}

function predicted(filter: number, { left, up, corner }: Readonly<Record<'left' | 'up' | 'corner', number>>): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
