// The type check knows Node.js only, and its types leave WebAssembly to those of browsers.
const { WebAssembly } = /** @type {any} */ (globalThis);

/**
 * Keeps hold of the memory of each WebAssembly instance that is made during a test. The module does
 * not hand it out, and must not.
 *
 * @param {import('node:test').TestContext} t
 */
export function captureMemories(t) {
  /** @type {{ buffer: ArrayBuffer }[]} */
  const memories = [];
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
    ruin() {
      const memory = memories.at(-1);
      if (memory === undefined) throw new Error('there is no instance to ruin');
      new Uint8Array(memory.buffer).fill(1);
    },
  };
}
