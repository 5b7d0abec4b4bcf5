/** @typedef {import('./log.mjs').Log} Log */

const NAMESPACE = 'EdgeAuthorizer';

/** A metric has no more values than this in one line ("Specification: Embedded metric format" in the CloudWatch User Guide). */
const MOST_TIMES = 100;

/** CloudWatch keeps metrics by the minute. */
const SECONDS = 60;

/**
 * Counts decisions, and logs the counts for Amazon CloudWatch to make metrics of. A line for each decision would cost more than
 * the decision, so they are written once a minute, by the first decision after it: Lambda lets nothing run between requests.
 * What has not been written when Lambda ends an instance is lost.
 */
export class Metrics {
  #log;
  #keySetAges;
  #functionName;
  /** @type {Map<string, number>} by code, since `#startedAt` */
  #decisions = new Map();
  /** @type {number[]} how long the first of them took, in microseconds: whole numbers are quicker to write */
  #times = [];
  /** @type {[provider: string, seconds: number][]} at `#startedAt` */
  #ages = [];
  #startedAt = 0;
  #isFirst = true;

  /**
   * @param {Log} log
   * @param {(now: number) => [provider: string, seconds: number][]} keySetAges
   */
  constructor(log, keySetAges) {
    this.#log = log;
    this.#keySetAges = keySetAges;
    // A replica is called as its log group is: with the Region of the function before the name.
    this.#functionName = process.env.AWS_LAMBDA_FUNCTION_NAME?.replace(/^us-east-1\./, '') ?? 'edge-authorizer';
  }

  /**
   * @param {string} code
   * @param {number} milliseconds that the decision took
   * @param {number} now seconds since 1970
   */
  count(code, milliseconds, now) {
    if (now >= this.#startedAt + SECONDS || now < this.#startedAt) {
      // What was counted before the function was frozen belongs to that time.
      this.#write();
      this.#startedAt = now;
      this.#ages = this.#keySetAges(now);
    }
    this.#decisions.set(code, (this.#decisions.get(code) ?? 0) + 1);
    if (this.#times.length < MOST_TIMES) this.#times.push(Math.round(milliseconds * 1000));
    // Many an instance lives for a few requests only.
    if (this.#isFirst) this.#write();
    this.#isFirst = false;
  }

  /** A dimension has one value in a line, so there is a line for each code; what has no code goes with the first ones. */
  #write() {
    const decisions = [...this.#decisions];
    const lines = decisions.length === 0 ? 0 : Math.max(decisions.length, this.#ages.length);
    for (let line = 0; line < lines; line += 1) {
      const document = new MetricDocument(this.#startedAt, this.#functionName);
      const decided = decisions[line];
      if (decided !== undefined) document.add('Decisions', 'Count', decided[1], { Code: decided[0] });
      if (line === 0) document.add('DecisionTime', 'Microseconds', this.#times);
      const age = this.#ages[line];
      if (age !== undefined) document.add('KeySetAge', 'Seconds', Math.round(age[1]), { Provider: printable(age[0]) });
      this.#log.write({ level: 'info', message: 'metrics', ...document.fields });
    }
    this.#decisions.clear();
    this.#times = [];
    this.#ages = [];
  }
}

/** A line in the embedded metric format. */
class MetricDocument {
  /**
   * @param {number} at seconds since 1970
   * @param {string} FunctionName
   */
  constructor(at, FunctionName) {
    this.directives = /** @type {object[]} */ ([]);
    this.fields = {
      _aws: { Timestamp: Math.round(at * 1000), CloudWatchMetrics: this.directives },
      FunctionName,
    };
  }

  /**
   * @param {string} Name
   * @param {string} Unit
   * @param {number | number[]} value
   * @param {Record<string, string>} [dimensions] besides the name of the function
   */
  add(Name, Unit, value, dimensions = {}) {
    this.directives.push({
      Namespace: NAMESPACE,
      Dimensions: [['FunctionName', ...Object.keys(dimensions)]],
      Metrics: [{ Name, Unit }],
    });
    Object.assign(this.fields, dimensions, { [Name]: value });
  }
}

/** The value of a dimension is in ASCII ("Dimension" in the CloudWatch API Reference). @param {string} name */
function printable(name) {
  return name.replace(/[^\x20-\x7e]/g, '?');
}
