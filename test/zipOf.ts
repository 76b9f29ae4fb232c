import { deflateRawSync } from 'node:zlib';

/** How an archive is made. */
export interface ZipForm {
  readonly method?: 'stored' | 'deflated';
  /** Sizes in the extra field of zip64, as .NET writes them. */
  readonly zip64?: true;
  readonly flags?: number;
}

/** A zip archive of one file, without local sizes: readers take them from the directory. */
export function zipOf(name: string, text: string, { method = 'deflated', zip64, flags = 0 }: ZipForm = {}): Buffer {
  const bytes = Buffer.from(text);
  const packed = method === 'deflated' ? deflateRawSync(bytes) : bytes;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(name.length, 26);
  const extra = Buffer.alloc(zip64 ? 20 : 0);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50);
  central.writeUInt16LE(flags, 8);
  central.writeUInt16LE(method === 'deflated' ? 8 : 0, 10);
  central.writeUInt32LE(zip64 ? 0xffff_ffff : packed.length, 20);
  central.writeUInt32LE(zip64 ? 0xffff_ffff : bytes.length, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(extra.length, 30);
  if (zip64) {
    extra.writeUInt16LE(1);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(bytes.length), 4);
    extra.writeBigUInt64LE(BigInt(packed.length), 12);
  }
  const directory = Buffer.concat([central, Buffer.from(name), extra]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, directory, end]);
}
