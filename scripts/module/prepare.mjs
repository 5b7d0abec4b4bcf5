// Gives a module its configuration: an instance reads it, and the memory of that instance becomes what every later one begins
// with. The code that reads configurations is then not needed any more, nor is the time that it took at each cold start
// (docs/decisions/0027-a-module-for-each-configuration.md).

import { WasmFile, exportedGlobal } from './wasm-file.mjs';

// The type check knows Node.js only, and its types leave WebAssembly to those of browsers.
const { WebAssembly } = /** @type {any} */ (globalThis);

const PAGE = 65_536;
/** What is smaller is not worth the bytes that the allocator writes around it. */
const SMALLEST_GAP = 16;

/**
 * @param {Uint8Array} module
 * @param {string} configuration the text of an `authorizer.json` that was checked
 * @returns {Buffer} the module
 */
export function preparedModule(module, configuration) {
  const file = new WasmFile(module);
  const { globals, dataStart } = file;
  const { memory, values } = afterReading(module, configuration);

  file.globals = globals.map((global, index) => ({ ...global, value: values.get(index) ?? global.value }));
  file.memoryPages = memory.length / PAGE;
  // Below the data is the stack, on which nothing lies now.
  file.setData(dataStart, withoutZerosAtEnd(memory.subarray(dataStart)));
  return file.bytes;
}

/**
 * The state of an instance that has read the configuration.
 *
 * @param {Uint8Array} module
 * @param {string} configuration
 */
function afterReading(module, configuration) {
  const file = new WasmFile(module);
  const mutable = [...file.globals.entries()].filter(([, { isMutable }]) => isMutable).map(([index]) => index);
  file.exports = [...file.exports, ...mutable.map((index) => exportedGlobal(globalName(index), index))];

  const compiled = new WebAssembly.Module(file.bytes);
  const exports = /** @type {any} */ (new WebAssembly.Instance(compiled, silentHost(compiled)).exports);
  const table = exports.__wbindgen_externrefs;
  const before = table.length;
  const text = Buffer.from(configuration);
  const address = exports.__wbindgen_malloc(text.length, 1) >>> 0;
  new Uint8Array(exports.memory.buffer).set(text, address);
  if (exports.authorizer_prepare(address, text.length) !== 1) {
    throw new Error('the module does not have this configuration; `edge-authorizer check` says why');
  }
  if (table.length !== before) throw new Error('the module holds values of the host after it has read the configuration');
  clearFreeMemory(exports, file.dataStart);
  return {
    memory: Buffer.from(exports.memory.buffer),
    values: new Map(mutable.map((index) => [index, exports[globalName(index)].value])),
  };
}

/** @param {number} index */
function globalName(index) {
  return `global ${index}`;
}

/**
 * A host that knows nothing: what it answered would be in the module for ever.
 *
 * @param {any} module compiled
 */
function silentHost(module) {
  /** @type {Record<string, Record<string, Function>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`the module asks its host for \`${name}\` while it reads the configuration`);
    };
  }
  return imports;
}

/**
 * Overwrites what was freed: the text of the configuration, and all that came of it on the way.
 *
 * @param {any} exports
 * @param {number} dataStart below which there is no heap
 */
function clearFreeMemory({ memory, __wbindgen_malloc: allocate, __wbindgen_free: free }, dataStart) {
  /** @type {[number, number][]} */
  const blocks = [];
  /** @param {number} size */
  const clear = (size) => {
    const address = allocate(size, 1) >>> 0;
    new Uint8Array(memory.buffer, address, size).fill(0);
    blocks.push([address, size]);
    return address;
  };
  // No gap is as large as this: it lies behind all that was ever used, and so does what fits into none of the gaps.
  const end = clear(memory.buffer.byteLength - dataStart);
  for (let size = PAGE; size >= SMALLEST_GAP; size /= 2) {
    while (clear(size) < end);
  }
  for (const [address, size] of blocks) free(address, size, 1);
}

/** @param {Buffer} bytes */
function withoutZerosAtEnd(bytes) {
  let { length } = bytes;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.subarray(0, length);
}
