// The parts of the module that a zip can be without, where its configuration has no use for them. A part is told by the
// names that its functions have in Rust; what was called by these only goes with them.
//
// What is left out traps. Were a request to come there after all, it would be refused: the handler answers 503 to a trap.

import { WasmFile } from './wasm-file.mjs';

/** @typedef {{ paths: string[], exports?: string[] }} Part paths of functions, and what JavaScript calls */

/** What reads configurations, which a module that has one has no use for. */
export const READING = 'reading';

/** @type {Record<string, Part>} `reading`, and those that `Authorizer::unused_parts` names */
const PARTS = {
  [READING]: {
    // Not all of `config`: what checks secrets is there, too, and these come later.
    paths: ['reader', 'document', 'endpoint', 'requirement'].map((file) => `edge_authorizer_core::config::${file}`),
    exports: ['authorizer_new', 'authorizer_prepare'],
  },
  rsa: { paths: ['edge_authorizer_core::key::rsa', 'edge_authorizer_rsa'] },
  es256: { paths: ['edge_authorizer_core::key::ecdsa::es256'] },
  es384: { paths: ['edge_authorizer_core::key::ecdsa::es384'] },
  es512: { paths: ['edge_authorizer_core::key::ecdsa::es512'] },
  eddsa: { paths: ['edge_authorizer_core::key::ed25519'] },
  'sign-in': { paths: ['edge_authorizer_core::sign_in'], exports: ['authorizer_signIn'] },
  'origin-signing': { paths: ['edge_authorizer_core::origin'], exports: ['authorizer_signOriginRequest'] },
  endpoints: { paths: ['edge_authorizer_core::endpoint'] },
  'remote-secrets': { paths: [], exports: ['authorizer_secretRequest'] },
};

/** Patterns of their names, for `wasm-opt`, which makes one function of several where it can. */
export const FUNCTIONS_OF_PARTS = Object.values(PARTS).flatMap(({ paths }) => {
  return paths.map((path) => `*${path.replace('::', '*::')}*`);
});

/** In this custom section a module tells which of its functions belong to which part, after their names are gone. */
const SECTION = 'edge-authorizer parts';

/**
 * @param {Uint8Array} module with the names of its functions
 * @returns {Buffer} without
 */
export function withPartsMarked(module) {
  const file = new WasmFile(module);
  const names = [...file.functionNames];
  if (names.length === 0) throw new Error('the functions of the module have no names: were they stripped?');
  const marked = Object.entries(PARTS).map(([part, { paths }]) => {
    const indices = names.filter(([, name]) => paths.some((path) => isBelow(path, name))).map(([index]) => index);
    return [part, indices];
  });
  file.setCustom({ [SECTION]: Buffer.from(JSON.stringify(Object.fromEntries(marked))) });
  return file.bytes;
}

/**
 * The parts that a module has and that a configuration may have no use for.
 *
 * @param {Uint8Array} module whose parts are marked
 */
export function partNames(module) {
  const indices = functionsByPart(new WasmFile(module));
  return Object.keys(PARTS).filter((part) => part !== READING && (PARTS[part].paths.length === 0 || indices[part]?.length));
}

/**
 * @param {Uint8Array} module whose parts are marked
 * @param {string[]} parts
 * @returns {Buffer}
 */
export function withoutParts(module, parts) {
  const file = new WasmFile(module);
  const indices = functionsByPart(file);
  for (const part of parts) {
    const isLost = PARTS[part]?.paths.length !== 0 && !indices[part]?.length;
    if (isLost) throw new Error(`no function belongs to \`${part}\`: was something renamed?`);
  }
  file.removeFunctions(new Set(parts.flatMap((part) => indices[part])));
  const gone = new Set(parts.flatMap((part) => PARTS[part].exports ?? []));
  file.exports = file.exports.filter(({ name }) => !gone.has(name));
  file.setCustom({});
  return file.bytes;
}

/**
 * @param {WasmFile} file
 * @returns {Record<string, number[]>}
 */
function functionsByPart(file) {
  const marked = file.custom(SECTION);
  if (marked === undefined) throw new Error('the module does not tell its parts: `./build.sh build` marks them');
  return JSON.parse(marked.toString());
}

/**
 * Whether a function is in this module of Rust, or in one below: `<path::Type>::method`, `<path::Type as Trait>::method` or
 * `path::function`. One that has such a type only as a parameter of its own is not: a list of such values, say, may be
 * dropped where there are none.
 *
 * @param {string} path
 * @param {string} name as the compiler writes it, with a number in brackets behind the crate's
 */
function isBelow(path, name) {
  const own = name.replace(/^[<&]*/, '').replace(/\[[0-9a-f]+\]/, '');
  return own.startsWith(`${path}::`);
}
