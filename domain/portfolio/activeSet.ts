import { FreeFactor } from './freeFactor.ts';
import {
  costAt,
  insidePiece,
  piecesOf,
  slopeAround,
  type ConvexCost,
  type QuadraticProgram,
} from './quadraticProgram.ts';
import { projectedStep } from './rowProjection.ts';
import { startingBasis } from './startingBasis.ts';
import { diagonal, product } from './symmetricMatrix.ts';

/** Where a search for the least value ended. */
export interface ActiveSetEnd {
  readonly kind: 'optimal' | 'exhausted';
  /** Shape [variables]. */
  readonly point: Float64Array;
  /** What a unit more of each row's bound would save, shape [rows]; 0 of rows that do not bind. */
  readonly multipliers: Float64Array;
  readonly iterations: number;
}

/** Slopes under this part of the largest are rounding. */
const slopeFractionMin = 1e-12;
/** A binding row may be off its bound by this part of it. */
const driftMax = 1e-12;
/** A variable that moves by less than this part of the one that moves most stands still. */
const moveFractionMin = 1e-13;
/** A row whose value changes by less than this part of what moves in it is a combination of those that bind. */
const speedFractionMin = 1e-10;

/**
 * Least value of a program from a point that keeps all bounds and rows: a primal active-set method. Variables are free
 * within a piece on which all costs are linear, or rest where two pieces meet; the step to the least value of the free
 * ones on the binding rows ends where the first variable or row is met, which then rests or binds; where no step is left,
 * the one whose slope promises most is let go. Bounds, costs of trading, turnover and leverage are all of this form.
 * Source: Nocedal and Wright, "Numerical Optimization" (2006), algorithm 16.3; the range-space step of section 16.2.
 */
export function activeSet(program: QuadraticProgram, start: Float64Array): ActiveSetEnd {
  return new ActiveSet(program, start).run();
}

/** What is let go next. */
type Release =
  | { readonly kind: 'row'; readonly row: number; readonly slope: number }
  | { readonly kind: 'variable'; readonly variable: number; readonly piece: number; readonly slope: number };

/** What ends a step. */
type Block =
  | { readonly kind: 'row'; readonly row: number }
  | { readonly kind: 'variable'; readonly place: number; readonly point: number };

class ActiveSet {
  readonly #program: QuadraticProgram;
  readonly #point: Float64Array;
  readonly #pieces: readonly Float64Array[];
  /** Piece of each free variable; the meeting point at which a resting one rests. */
  readonly #where: Int32Array;
  readonly #free: FreeFactor;
  readonly #isFree: Uint8Array;
  #binding: number[];
  /** Rows that were combinations of the binding ones when last met: they cannot be left by a step on those. */
  readonly #dependent = new Set<number>();
  /** Q x. */
  readonly #gradient: Float64Array;
  readonly #rowValues: Float64Array;
  readonly #slopeMin: number;
  #idle = 0;

  constructor(program: QuadraticProgram, start: Float64Array) {
    this.#program = program;
    this.#pieces = piecesOf(program);
    const basis = startingBasis(program, this.#pieces, start);
    this.#point = basis.point;
    this.#where = basis.where;
    this.#binding = [...basis.binding];
    this.#free = new FreeFactor(program.quadratic);
    this.#isFree = new Uint8Array(start.length);
    for (const variable of basis.free) this.#setFree(variable);
    this.#gradient = product(program.quadratic, this.#point);
    this.#rowValues = Float64Array.from(program.rows, (row) => costAt(row, this.#point));
    const curvature = diagonal(program.quadratic).reduce((sum, value) => sum + value, 0) / start.length;
    const { slopes, distance } = program.cost;
    const steepest = slopes.reduce(
      (most, slope, index) => Math.max(most, Math.abs(slope) + (distance?.weights[index] ?? 0)),
      0,
    );
    this.#slopeMin = slopeFractionMin * Math.max(curvature, steepest);
  }

  run(): ActiveSetEnd {
    const iterationsMax = 1_000 + 50 * (this.#point.length + this.#program.rows.length);
    for (let iterations = 1; iterations <= iterationsMax; iterations += 1) {
      const { step, multipliers } = this.#step();
      const block = this.#walk(step);
      if (block) {
        this.#stop(block);
        continue;
      }
      this.#dependent.clear();
      const release = this.#release(multipliers);
      if (!release) return this.#end('optimal', multipliers, iterations);
      if (release.kind === 'row') this.#binding = this.#binding.filter((row) => row !== release.row);
      else {
        this.#where[release.variable] = release.piece;
        this.#setFree(release.variable);
      }
    }
    return this.#end('exhausted', this.#step().multipliers, iterationsMax);
  }

  #end(kind: ActiveSetEnd['kind'], binding: Float64Array, iterations: number): ActiveSetEnd {
    const multipliers = new Float64Array(this.#program.rows.length);
    this.#binding.forEach((row, place) => {
      multipliers[row] = binding[place]!;
    });
    return { kind, point: this.#point, multipliers, iterations };
  }

  /** Step of the free variables to their least value on the binding rows, with the rows' multipliers there. */
  #step(): { readonly step: Float64Array; readonly multipliers: Float64Array } {
    const free = this.#free.variables;
    const { rows, cost } = this.#program;
    const slopes = Float64Array.from(free, (variable) => this.#gradient[variable]! + this.#slope(cost, variable));
    const down = this.#free.forward(slopes);
    for (;;) {
      const sides = this.#binding.map((row) =>
        this.#free.forward(Float64Array.from(free, (variable) => this.#slope(rows[row]!, variable))),
      );
      // What rounding moved a row off its bound is brought back.
      const over = Float64Array.from(this.#binding, (row) => {
        const distance = this.#rowValues[row]! - rows[row]!.bound;
        return Math.abs(distance) > driftMax * (1 + Math.abs(rows[row]!.bound)) ? distance : 0;
      });
      const found = projectedStep(down, sides, over);
      if (found.kind === 'step') return { step: this.#free.backward(found.step), multipliers: found.multipliers };
      this.#dependent.add(this.#binding[found.place]!);
      this.#binding.splice(found.place, 1);
    }
  }

  /** Takes the step, or as much of it as bounds and rows allow; tells what ended it early. */
  #walk(step: Float64Array): Block | undefined {
    const { rows } = this.#program;
    const free = this.#free.variables;
    let length = 1;
    let block: Block | undefined;
    let weight = 0;
    const meet = (at: number, next: Block, speed: number): void => {
      const reach = Math.max(0, at);
      // Of what is met together, the one met fastest keeps the rest well conditioned.
      if (reach > length || (reach === length && speed <= weight)) return;
      [length, block, weight] = [reach, next, speed];
    };
    const moveMin = moveFractionMin * step.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
    free.forEach((variable, place) => {
      const move = step[place]!;
      if (Math.abs(move) <= moveMin) return;
      const point = this.#where[variable]! + (move > 0 ? 1 : 0);
      const room = this.#pieces[variable]![point]! - this.#point[variable]!;
      meet(room / move, { kind: 'variable', place, point }, Math.abs(move));
    });
    const speeds = rows.map((row, index) => {
      let [speed, motion] = [0, 0];
      free.forEach((variable, place) => {
        const part = this.#slope(row, variable) * step[place]!;
        speed += part;
        motion += Math.abs(part);
      });
      const loose = row.kind === 'atMost' && !this.#binding.includes(index) && !this.#dependent.has(index);
      if (loose && speed > speedFractionMin * motion)
        meet((row.bound - this.#rowValues[index]!) / speed, { kind: 'row', row: index }, speed);
      return speed;
    });
    free.forEach((variable, place) => {
      const move = length * step[place]!;
      if (Math.abs(step[place]!) <= moveMin) return;
      this.#point[variable]! += move;
      this.#addColumn(variable, move);
    });
    speeds.forEach((speed, index) => {
      this.#rowValues[index]! += length * speed;
    });
    this.#idle = length > 1e-9 ? 0 : this.#idle + 1;
    return block;
  }

  #stop(block: Block): void {
    if (block.kind === 'row') {
      this.#binding.push(block.row);
      return;
    }
    this.#dependent.clear();
    const variable = this.#free.variables[block.place]!;
    const rest = this.#pieces[variable]![block.point]!;
    this.#addColumn(variable, rest - this.#point[variable]!);
    this.#point[variable] = rest;
    this.#where[variable] = block.point;
    this.#isFree[variable] = 0;
    this.#free.remove(block.place);
  }

  /** The row or resting variable whose letting go promises most; the first one found when steps have been of length 0. */
  #release(multipliers: Float64Array): Release | undefined {
    const { rows, cost } = this.#program;
    // Bland's rule ends the circles in which a degenerate point can be walked around.
    const first = this.#idle > 2 * (this.#point.length + rows.length);
    let best: Release | undefined;
    const consider = (next: Release): void => {
      if (next.slope < -this.#slopeMin && (!best || (!first && next.slope < best.slope))) best = next;
    };
    this.#binding.forEach((row, place) => {
      if (rows[row]!.kind === 'atMost') consider({ kind: 'row', row, slope: multipliers[place]! });
    });
    const slopeIn = (variable: number, piece: number): number => {
      const inside = insidePiece(this.#pieces[variable]!, piece);
      const base = this.#gradient[variable]! + slopeAround(cost, variable, inside);
      return this.#binding.reduce(
        (sum, row, place) => sum + multipliers[place]! * slopeAround(rows[row]!, variable, inside),
        base,
      );
    };
    for (let variable = 0; variable < this.#point.length; variable += 1) {
      if (this.#isFree[variable]) continue;
      const point = this.#where[variable]!;
      if (point + 1 < this.#pieces[variable]!.length) {
        consider({ kind: 'variable', variable, piece: point, slope: slopeIn(variable, point) });
      }
      if (point > 0) {
        consider({ kind: 'variable', variable, piece: point - 1, slope: -slopeIn(variable, point - 1) });
      }
    }
    return best;
  }

  #setFree(variable: number): void {
    this.#free.append(variable);
    this.#isFree[variable] = 1;
  }

  #slope(cost: ConvexCost, variable: number): number {
    if (!cost.distance) return cost.slopes[variable]!;
    return slopeAround(cost, variable, insidePiece(this.#pieces[variable]!, this.#where[variable]!));
  }

  #addColumn(variable: number, times: number): void {
    const { size, values } = this.#program.quadratic;
    const at = variable * size;
    for (let index = 0; index < size; index += 1) this.#gradient[index]! += times * values[at + index]!;
  }
}
