// The type check knows Node.js only, and its types leave WebAssembly to those of browsers.
const { WebAssembly } = /** @type {any} */ (globalThis);

/**
 * Keeps hold of the memory of each WebAssembly instance that is made during a test. The module does
 * not hand it out, and must not.
 *
 * @param {import('node:test').TestContext} t
 */
export function captureMemories(t) {
  /** @type {{ buffer: ArrayBuffer, grow: (pages: number) => void }[]} */
  const memories = [];
  const newest = () => {
    const memory = memories.at(-1);
    if (memory === undefined) throw new Error('there is no instance');
    return memory;
  };
  const { Instance } = WebAssembly;
  t.after(() => void (WebAssembly.Instance = Instance));
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, [module, imports]) {
      const instance = new target(module, imports);
      memories.push(instance.exports.memory);
      return instance;
    },
  });
  return {
    instances: () => memories.length,

    /** Makes the newest instance trap at whatever it does next: every pointer leads astray. */
    ruin: () => void new Uint8Array(newest().buffer).fill(1),

    /** @param {string | Buffer} bytes which the memory of the newest instance has, or not */
    holds: (bytes) => Buffer.from(newest().buffer).includes(bytes),

    /** How many pages the newest instance has. */
    pages: () => newest().buffer.byteLength / 65_536,

    /** @param {number} pages that the newest instance gets, as if it had asked for them */
    grow: (pages) => newest().grow(pages),
  };
}
