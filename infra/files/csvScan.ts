const [quote, newLine, carriageReturn, dot, minus, zero, nine] = [0x22, 0x0a, 0x0d, 0x2e, 0x2d, 0x30, 0x39];
const byteOrderMark = 0xefbbbf;
const exactDigitsMax = 15;
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** A position that moves through the bytes of a delimited table, cell by cell (RFC 4180; LF or CRLF; empty lines are none). */
export class CsvScan {
  private readonly bytes: Buffer;
  private at: number;
  private delimiter = 0x2c;
  /** Number of the line it stands on, from 1. */
  line = 1;
  /** Whether the cell that was last read as a figure holds something else. */
  refused = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.at = bytes.length >= 3 && bytes.readUIntBE(0, 3) === byteOrderMark ? 3 : 0;
  }

  /** Reads the header and takes from it what delimits cells: comma, semicolon or tab. */
  header(): readonly string[] {
    this.nextLine();
    const end = this.bytes.indexOf(newLine, this.at);
    this.delimiter = delimiterOf(this.bytes.toString('utf8', this.at, end === -1 ? this.bytes.length : end));
    const names: string[] = [];
    do names.push(this.text().trim());
    while (this.nextCell());
    this.nextLine();
    return names;
  }

  /** Lines that are left, at most. */
  linesLeft(): number {
    let count = 1;
    for (let next = this.bytes.indexOf(newLine, this.at); next !== -1; next = this.bytes.indexOf(newLine, next + 1)) {
      count += 1;
    }
    return count;
  }

  ended(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Steps over a delimiter; false at the end of the line. */
  nextCell(): boolean {
    if (this.atLineEnd()) return false;
    this.at += 1;
    return true;
  }

  /** Steps over the end of the line and the empty lines after it. */
  nextLine(): void {
    while (!this.ended() && this.atLineEnd()) {
      if (this.bytes[this.at] === newLine) this.line += 1;
      this.at += 1;
    }
  }

  text(): string {
    if (this.bytes[this.at] === quote) return this.quoted();
    const begins = this.at;
    this.skip();
    return this.bytes.toString('utf8', begins, this.at);
  }

  skip(): void {
    if (this.bytes[this.at] === quote) this.quoted();
    while (!this.ended() && this.bytes[this.at] !== this.delimiter && !this.atLineEnd()) this.at += 1;
  }

  /**
   * A cell's number, as the language reads its text; NaN where it is empty or none. A plain decimal of at most 15 digits
   * is made without a text between: it is exact in its digits and in its power of ten, so that one division rounds it.
   */
  figure(): number {
    const { bytes } = this;
    this.refused = false;
    const begins = this.at;
    const negative = bytes[this.at] === minus;
    if (negative) this.at += 1;
    const digitsBegin = this.at;
    let [digits, value, decimals] = [0, 0, -1];
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at]!;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        if (value > 0) digits += 1;
        if (decimals >= 0) decimals += 1;
      } else if (byte === dot && decimals < 0) decimals = 0;
      else break;
    }
    const hasDigits = this.at - digitsBegin > (decimals >= 0 ? 1 : 0);
    const cellEnded = this.ended() || bytes[this.at] === this.delimiter || this.atLineEnd();
    if (cellEnded && hasDigits && digits <= exactDigitsMax && decimals < powersOfTen.length) {
      const scaled = decimals > 0 ? value / powersOfTen[decimals]! : value;
      return negative ? -scaled : scaled;
    }
    this.at = begins;
    const cell = this.text().trim();
    const read = cell === '' ? Number.NaN : Number(cell);
    this.refused = cell !== '' && Number.isNaN(read);
    return read;
  }

  private quoted(): string {
    let cell = '';
    this.at += 1;
    for (;;) {
      const end = this.bytes.indexOf(quote, this.at);
      cell += this.bytes.toString('utf8', this.at, end === -1 ? this.bytes.length : end);
      this.at = end === -1 ? this.bytes.length : end + 1;
      if (this.bytes[this.at] !== quote) break;
      cell += '"';
      this.at += 1;
    }
    this.line += cell.split('\n').length - 1;
    // Whatever stands between the closing quote and the delimiter belongs to no figure and no name.
    this.skip();
    return cell;
  }

  private atLineEnd(): boolean {
    return this.ended() || this.bytes[this.at] === newLine || this.bytes[this.at] === carriageReturn;
  }
}

function delimiterOf(header: string): number {
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, cells: header.split(delimiter).length }));
  return counts.toSorted((a, b) => b.cells - a.cells)[0]!.delimiter.charCodeAt(0);
}
