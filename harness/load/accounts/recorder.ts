/**
 * Histograms of one generator: HdrHistogram with three significant digits over 24 hours of microseconds.
 *
 * One a generator, not one a connection. The WebAssembly form takes 12 to 15 ns a value, the JavaScript one 62 ns;
 * its memory is not collected, hence `Symbol.dispose`.
 */
import { build, encodeIntoCompressedBase64, initWebAssemblySync, type Histogram } from 'hdr-histogram-js';

/** Highest value kept apart: 24 h in µs. */
export const HIGHEST_VALUE = 86_400_000_000;

/** Smallest difference kept at any magnitude: three significant decimal digits. */
const SIGNIFICANT_DIGITS = 3;

/** A histogram on its way between processes and into the results. */
export interface EncodedHistogram {
  /** HdrHistogram V2 compressed, base64. */
  readonly encoded: string;
  /** Values that were no number from 0 to HIGHEST_VALUE; each is in the histogram as the nearest end of that range. */
  readonly clamped: number;
  /** Values of which no more is known than that they are at least what was recorded. */
  readonly atLeast: number;
}

export function emptyHistogram(): Histogram {
  initWebAssemblySync();
  return build({
    useWebAssembly: true,
    bitBucketSize: 64,
    autoResize: false,
    highestTrackableValue: HIGHEST_VALUE,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });
}

/** One histogram that never throws and never drops: what is out of range is clamped and counted. */
export class Series implements Disposable {
  /** Undefined once disposed of: a client that outlives its trial records into nothing. */
  #histogram: Histogram | undefined = emptyHistogram();
  #clamped = 0;
  #atLeast = 0;

  /** Records a value; fractions are rounded to the nearest whole number. */
  record(value: number): void {
    if (value >= 0 && value <= HIGHEST_VALUE) {
      this.#histogram?.recordValue(Math.round(value));
    } else {
      this.#clamped++;
      this.#histogram?.recordValue(value > HIGHEST_VALUE ? HIGHEST_VALUE : 0);
    }
  }

  /** Records a lower bound of a value that is not known: censored observations stand at their bound. */
  recordAtLeast(bound: number): void {
    this.#atLeast++;
    this.record(bound);
  }

  get count(): number {
    return this.#histogram?.totalCount ?? 0;
  }

  /** @throws ReferenceError after it was disposed of */
  encode(): EncodedHistogram {
    if (!this.#histogram) throw new ReferenceError('this histogram has been disposed of');
    return {
      encoded: encodeIntoCompressedBase64(this.#histogram),
      clamped: this.#clamped,
      atLeast: this.#atLeast,
    };
  }

  [Symbol.dispose](): void {
    this.#histogram?.destroy();
    this.#histogram = undefined;
  }
}

/** The histograms of a generator by name. */
export class Recorder implements Disposable {
  /** From the attempt until the connection is there, µs. */
  readonly connect = new Series();
  /** From the send, in an open loop from the intended send, until the whole answer is there, µs. */
  readonly latency = new Series();
  /** From the actual send until the whole answer is there, µs; filled in an open loop only. */
  readonly service = new Series();
  readonly #own = new Map<string, Series>();

  /** A histogram of the scenario's own. */
  own(name: string): Series {
    let series = this.#own.get(name);
    if (!series) this.#own.set(name, (series = new Series()));
    return series;
  }

  /** Every histogram that holds a value. */
  encode(): Record<string, EncodedHistogram> {
    const encoded: Record<string, EncodedHistogram> = {};
    for (const [name, series] of this.#all()) {
      if (series.count > 0) encoded[name] = series.encode();
    }
    return encoded;
  }

  [Symbol.dispose](): void {
    for (const [, series] of this.#all()) series[Symbol.dispose]();
  }

  #all(): readonly (readonly [string, Series])[] {
    return [['connect', this.connect], ['latency', this.latency], ['service', this.service], ...this.#own];
  }
}
