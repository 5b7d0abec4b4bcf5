// WebAssembly modules in their binary format (WebAssembly Core Specification, chapter 5), as far as making a module for one
// configuration needs it: what is exported, what globals and memory begin with, what functions are called and do.

const PREAMBLE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

// Section numbers.
const CUSTOM = 0;
const IMPORT = 2;
const MEMORY = 5;
const GLOBAL = 6;
const EXPORT = 7;
const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;

const FUNCTION = 0;
const GLOBAL_KIND = 3;
const I32_CONST = 0x41;
const END = 0x0b;
/** No locals, and one instruction: `unreachable`. */
const TRAP = Buffer.from([0, 0x00, END]);

/** In the custom section `name` (appendix "Name Section"), the part with the names of functions. */
const FUNCTION_NAMES = 1;

/** @typedef {{ number: number, content: Buffer }} Section */
/** @typedef {{ from: string, name: string, type: number }} Import a function, `from` what the host calls so, with the number of its type */
/** @typedef {{ name: string, kind: number, index: number }} Export */
/** @typedef {{ type: number, isMutable: boolean, value: number | undefined, written: Buffer }} Global `value` where it is an `i32.const` */

/** A module whose sections can be replaced. */
export class WasmFile {
  /** @type {Section[]} */
  #sections = [];

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const reader = new Reader(bytes);
    if (!reader.take(PREAMBLE.length).equals(PREAMBLE)) throw new Error('this is no WebAssembly module of version 1');
    while (!reader.isAtEnd) {
      const number = reader.byte();
      this.#sections.push({ number, content: reader.take(reader.unsigned()) });
    }
  }

  /** @returns {Buffer} */
  get bytes() {
    const sections = this.#sections.flatMap(({ number, content }) => [Buffer.from([number]), unsigned(content.length), content]);
    return Buffer.concat([PREAMBLE, ...sections]);
  }

  /** @returns {Import[]} functions only: where something else is imported it is an error */
  get imports() {
    const reader = this.#reader(IMPORT);
    return reader.vector(() => {
      const [from, name] = [reader.text(), reader.text()];
      if (reader.byte() !== FUNCTION) throw new Error('something else than functions is imported');
      return { from, name, type: reader.unsigned() };
    });
  }

  /** @param {Import[]} imports */
  set imports(imports) {
    const written = imports.map(({ from, name, type }) => {
      return Buffer.concat([text(from), text(name), Buffer.from([FUNCTION]), unsigned(type)]);
    });
    this.#replace(IMPORT, vector(written));
  }

  /** @returns {Export[]} */
  get exports() {
    const reader = this.#reader(EXPORT);
    return reader.vector(() => ({
      name: reader.text(),
      kind: reader.byte(),
      index: reader.unsigned(),
    }));
  }

  /** @param {Export[]} exports */
  set exports(exports) {
    const written = exports.map(({ name, kind, index }) => {
      return Buffer.concat([text(name), Buffer.from([kind]), unsigned(index)]);
    });
    this.#replace(EXPORT, vector(written));
  }

  /** The globals of the module's own; imported ones, which would be counted before them, it must have none of. */
  get globals() {
    const reader = this.#reader(GLOBAL);
    return reader.vector(() => globalFrom(reader));
  }

  /** @param {Global[]} globals */
  set globals(globals) {
    this.#replace(GLOBAL, vector(globals.map(written)));
  }

  /** @param {number} pages of 64 KB that the memory begins with */
  set memoryPages(pages) {
    const reader = this.#reader(MEMORY);
    const [[flags, , most]] = reader.vector(() => {
      const flags = reader.byte();
      return [flags, reader.unsigned(), flags === 1 ? reader.unsigned() : undefined];
    });
    if (flags !== 0 && flags !== 1) throw new Error('the memory is shared, or has 64-bit addresses');
    const limits = [Buffer.from([Number(flags)]), unsigned(pages), ...(most === undefined ? [] : [unsigned(most)])];
    this.#replace(MEMORY, vector([Buffer.concat(limits)]));
  }

  /** Where the data that the memory begins with is: the lowest address of it. */
  get dataStart() {
    const reader = this.#reader(DATA);
    const starts = reader.vector(() => {
      if (reader.unsigned() !== 0) throw new Error('there is data that the memory does not begin with');
      const { value } = reader.expression();
      reader.take(reader.unsigned());
      if (value === undefined) throw new Error('there is data at an address that is not a number');
      return value;
    });
    return Math.min(...starts);
  }

  /**
   * @param {number} start
   * @param {Buffer} content all that the memory begins with, from there on
   */
  setData(start, content) {
    this.#replace(DATA, vector([Buffer.concat([unsigned(0), constant(start), unsigned(content.length), content])]));
    // It counts the segments for instructions that name them. Such a module has been refused above.
    this.#sections = this.#sections.filter(({ number }) => number !== DATA_COUNT);
  }

  /** The names of the functions by their index, in the words of the compiler; none where they were left out. */
  get functionNames() {
    const content = this.custom('name');
    /** @type {Map<number, string>} */
    const names = new Map();
    if (content === undefined) return names;
    for (const reader = new Reader(content); !reader.isAtEnd; ) {
      const kind = reader.byte();
      const part = new Reader(reader.take(reader.unsigned()));
      if (kind === FUNCTION_NAMES) part.vector(() => names.set(part.unsigned(), part.text()));
    }
    return names;
  }

  /**
   * Makes functions trap, whatever they did.
   *
   * @param {Set<number>} indices
   */
  removeFunctions(indices) {
    const imported = this.imports.length;
    const reader = this.#reader(CODE);
    const bodies = reader.vector(() => reader.take(reader.unsigned()));
    const left = bodies.map((body, at) => (indices.has(imported + at) ? TRAP : body));
    this.#replace(CODE, vector(left.map((body) => Buffer.concat([unsigned(body.length), body]))));
  }

  /**
   * @param {string} name
   * @returns {Buffer | undefined} what is in the custom section of that name
   */
  custom(name) {
    const found = this.#sections.filter(({ number }) => number === CUSTOM).map(({ content }) => new Reader(content));
    return found.find((reader) => reader.text() === name)?.rest;
  }

  /**
   * Replaces all custom sections: those of compilers, too, which say nothing to engines.
   *
   * @param {Record<string, Buffer>} contents by name
   */
  setCustom(contents) {
    const custom = Object.entries(contents).map(([name, content]) => {
      return { number: CUSTOM, content: Buffer.concat([text(name), content]) };
    });
    this.#sections = [...this.#sections.filter(({ number }) => number !== CUSTOM), ...custom];
  }

  /** @param {number} wanted */
  #reader(wanted) {
    const section = this.#sections.find(({ number }) => number === wanted);
    if (section === undefined) throw new Error(`the module has no section ${wanted}`);
    return new Reader(section.content);
  }

  /**
   * @param {number} wanted
   * @param {Buffer} content
   */
  #replace(wanted, content) {
    this.#sections = this.#sections.map((section) => (section.number === wanted ? { number: wanted, content } : section));
  }
}

/**
 * @param {string} name
 * @param {number} index
 * @returns {Export}
 */
export function exportedGlobal(name, index) {
  return { name, kind: GLOBAL_KIND, index };
}

/**
 * @param {Reader} reader
 * @returns {Global}
 */
function globalFrom(reader) {
  const type = reader.byte();
  const isMutable = reader.byte() === 1;
  const { value, written } = reader.expression();
  return { type, isMutable, value, written };
}

/** @param {Global} global */
function written({ type, isMutable, value, written }) {
  const expression = value === undefined ? written : constant(value);
  return Buffer.concat([Buffer.from([type, Number(isMutable)]), expression]);
}

class Reader {
  #bytes;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd() {
    return this.#at >= this.#bytes.length;
  }

  byte() {
    return this.take(1)[0];
  }

  /** @param {number} count */
  take(count) {
    if (this.#at + count > this.#bytes.length) throw new Error('the module ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  get rest() {
    return this.take(this.#bytes.length - this.#at);
  }

  text() {
    return this.take(this.unsigned()).toString();
  }

  /** An unsigned LEB128 number of 32 bits. */
  unsigned() {
    return this.#leb128().value >>> 0;
  }

  /**
   * @template T
   * @param {() => T} item
   * @returns {T[]}
   */
  vector(item) {
    return Array.from({ length: this.unsigned() }, item);
  }

  /** A constant expression: a number, or one that is kept as it is written. */
  expression() {
    const start = this.#at;
    let value;
    if (this.#bytes[start] === I32_CONST) {
      this.byte();
      value = this.#signed();
    }
    const end = this.#bytes.indexOf(END, this.#at);
    if (end === -1 || (value !== undefined && end !== this.#at)) throw new Error('a constant expression does not end');
    this.#at = end + 1;
    return { value, written: this.#bytes.subarray(start, this.#at) };
  }

  #signed() {
    const { value, bits, last } = this.#leb128();
    return bits < 32 && (last & 0x40) !== 0 ? value | (-1 << bits) : value;
  }

  #leb128() {
    let [value, bits, last] = [0, 0, 0x80];
    while ((last & 0x80) !== 0) {
      if (bits > 28) throw new Error('a number has more than 32 bits');
      last = this.byte();
      value |= (last & 0x7f) << bits;
      bits += 7;
    }
    return { value, bits, last };
  }
}

/** @param {Buffer[]} items */
function vector(items) {
  return Buffer.concat([unsigned(items.length), ...items]);
}

/** @param {string} value */
function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([unsigned(bytes.length), bytes]);
}

/** @param {number} value */
function constant(value) {
  return Buffer.concat([Buffer.from([I32_CONST]), signed(value), Buffer.from([END])]);
}

/** @param {number} value below 2^32 */
function unsigned(value) {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** @param {number} value of 32 bits, signed */
function signed(value) {
  const bytes = [];
  for (; value < -0x40 || value >= 0x40; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value & 0x7f]);
}
