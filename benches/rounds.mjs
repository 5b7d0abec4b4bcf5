// Measuring side by side: every round gives each contender its turn, so that what the machine does besides hits all of them.

/** @typedef {{ median: number, low: number, high: number }} Spread median and quartiles */
/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => (() => void | Promise<void>)} prepare makes what one turn needs; what it returns is measured
 * @property {number} calls in one turn
 */

/** Turns that are not counted: compilers are at work. */
const WARM_UP = 0.2;

/**
 * @param {Contender[]} contenders
 * @param {number} rounds
 * @returns {Promise<Map<string, number[]>>} microseconds a call, by contender, a value for each round
 */
export async function inTurn(contenders, rounds) {
  const samples = new Map(contenders.map(({ name }) => [name, /** @type {number[]} */ ([])]));
  const warmUp = Math.ceil(rounds * WARM_UP);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, prepare, calls } of contenders) {
      const turn = prepare();
      const start = process.hrtime.bigint();
      await turn();
      const microseconds = Number(process.hrtime.bigint() - start) / 1000 / calls;
      if (round >= 0) samples.get(name)?.push(microseconds);
    }
  }
  return samples;
}

/**
 * @param {number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/**
 * The ratio of two contenders, round by round: what slows a whole round down falls out.
 *
 * @param {number[]} ones
 * @param {number[]} others
 * @returns {Spread}
 */
export function ratio(ones, others) {
  return spread(ones.map((one, round) => one / (others[round] ?? NaN)));
}

/**
 * A turn of a handler: each event is parsed anew, as Lambda does, before the clock starts.
 *
 * @param {(event: any) => Promise<any>} handler
 * @param {() => string[]} texts of the events of one turn
 * @param {(result: any) => boolean} [isRight] whether a result is what it should be: the request, unless told otherwise
 * @returns {() => () => Promise<void>}
 */
export function turnOf(handler, texts, isRight = ({ status }) => status === undefined) {
  return () => {
    const events = texts().map((text) => JSON.parse(text));
    return async () => {
      for (const event of events) {
        const result = await handler(event);
        if (!isRight(result)) throw new Error(`not what was asked for: ${JSON.stringify(result)}`);
      }
    };
  };
}
