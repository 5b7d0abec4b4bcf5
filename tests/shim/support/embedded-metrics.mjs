import assert from 'node:assert/strict';

/** @typedef {import('./handler-log.mjs').Entry} Entry */
/**
 * @typedef {object} Metric what CloudWatch makes of a line
 * @property {string} name
 * @property {string} unit
 * @property {Record<string, string>} dimensions
 * @property {number[]} values
 * @property {number} at seconds since 1970
 */

const UNITS = ['Count', 'Microseconds', 'Seconds'];

/**
 * Reads lines in the embedded metric format, as CloudWatch does.
 *
 * @param {Entry[]} entries
 * @returns {Metric[]}
 * @throws {assert.AssertionError} where a line is not as "Specification: Embedded metric format" wants it
 */
export function metricsIn(entries) {
  return entries.filter((entry) => '_aws' in entry).flatMap(metricsOf);
}

/** @type {(entry: Entry) => Metric[]} */
function metricsOf(entry) {
  const { Timestamp, CloudWatchMetrics } = entry._aws;
  assert.ok(Number.isInteger(Timestamp));
  assert.ok(CloudWatchMetrics.length > 0);
  return CloudWatchMetrics.flatMap((/** @type {any} */ directive) => {
    assert.deepEqual(Object.keys(directive).sort(), ['Dimensions', 'Metrics', 'Namespace']);
    assert.equal(directive.Namespace, 'EdgeAuthorizer');
    assert.ok(directive.Metrics.length <= 100);
    return directive.Dimensions.flatMap((/** @type {string[]} */ keys) => {
      assert.ok(keys.length <= 30);
      const dimensions = Object.fromEntries(keys.map((key) => [key, dimension(entry[key])]));
      return directive.Metrics.map((/** @type {any} */ { Name: name, Unit: unit }) => {
        assert.ok(UNITS.includes(unit));
        const values = [entry[name]].flat();
        assert.ok(values.length > 0 && values.length <= 100);
        assert.ok(values.every((value) => Number.isFinite(value) && value >= 0));
        return { name, unit, dimensions, values, at: Timestamp / 1000 };
      });
    });
  });
}

/** @type {(value: unknown) => string} */
function dimension(value) {
  assert.ok(typeof value === 'string' && /^[\x20-\x7e]{1,1024}$/.test(value) && value.trim() !== '', `${value}`);
  return value;
}
