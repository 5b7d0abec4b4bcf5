// What goes into the zip, and nothing else does: the handler with the modules that it imports, the
// WebAssembly module, the configuration and the files that the configuration refers to.

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';

import { loader, moduleEntry } from './module/loader.mjs';
import { withoutComments } from './strip-comments.mjs';
import { plainName } from './zip.mjs';

/** @typedef {import('./zip.mjs').ZipEntry} ZipEntry */

// Development dependencies are www-shim's.
const fromShim = createRequire(new URL('../www-shim/package.json', import.meta.url));
/** @type {typeof import('../www-shim/node_modules/esbuild/lib/main.js')} */
const { build } = fromShim('esbuild');

const HANDLER = 'index.mjs';
const CONFIGURATION = 'authorizer.json';
const PINNED_KEY_SETS = 'key-sets.json';
/** What the zip has another way: it is the only module that reads files of the project. */
const LOADER = 'lib/wasm.mjs';

/**
 * @param {string} root the project's folder
 * @param {string} configurationFile
 * @param {Buffer} module the WebAssembly module
 * @param {{ pinned?: string, named?: string[] }} [more] the file with key sets that were fetched for it; the files that it
 *   names
 * @returns {Promise<ZipEntry[]>}
 */
export async function bundleContents(root, configurationFile, module, { pinned, named = [] } = {}) {
  const shim = join(root, 'www-shim');
  const inZip = moduleEntry(module);
  return [
    programEntry(shim, HANDLER),
    await bundledEntry(root, shim, inZip.name),
    inZip,
    { name: CONFIGURATION, content: readFileSync(configurationFile) },
    ...pinnedKeySets(pinned),
    ...filesBeside(configurationFile, named),
  ];
}

/**
 * What the handler imports, as one module: Node.js reads modules one after the other, and a cold start waited for that longer
 * than for the WebAssembly.
 *
 * @param {string} root
 * @param {string} shim
 * @param {string} module its name in the zip
 * @returns {Promise<ZipEntry>}
 */
async function bundledEntry(root, shim, module) {
  // Follows the imports of all others, too, and refuses what the zip cannot have.
  const [, name] = modulesOf(shim, HANDLER);
  const imported = importsOf(readFileSync(join(shim, HANDLER), 'utf8')).filter((from) => from.startsWith('.'));
  if (name === undefined || imported.length !== 1) {
    throw new Error(`\`${HANDLER}\` is to import one module, which all others are bundled with`);
  }
  const { outputFiles } = await build({
    entryPoints: [join(shim, name)],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // The oldest that is supported.
    target: 'node20.9',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
    plugins: [loaderPlugin(join(root, 'pkg'), join(shim, LOADER), module)],
  });
  return { name: plainName(name), content: Buffer.from(outputFiles[0]?.contents ?? []) };
}

/**
 * @param {string} pkg what wasm-pack made
 * @param {string} replaced
 * @param {string} module its name in the zip
 * @returns {import('../www-shim/node_modules/esbuild/lib/main.js').Plugin}
 */
function loaderPlugin(pkg, replaced, module) {
  return {
    name: 'loader',
    setup({ onLoad, onResolve }) {
      const { source, snippet } = loader(readFileSync(join(pkg, 'edge_authorizer.js'), 'utf8'), module);
      onLoad({ filter: /wasm\.mjs$/ }, ({ path }) => (path === replaced ? { contents: source } : undefined));
      onResolve({ filter: /^boundary$/ }, () => ({ path: join(pkg, snippet) }));
    },
  };
}

/**
 * The module and all that it imports, by following its import statements.
 *
 * @param {string} folder
 * @param {string} first
 * @returns {string[]} paths relative to the folder
 */
export function modulesOf(folder, first) {
  const names = new Set([first]);
  // A Set goes on to what is added while it is walked.
  for (const name of names) {
    for (const imported of importsOf(readFileSync(join(folder, name), 'utf8'))) {
      if (imported.startsWith('node:')) continue;
      if (!imported.startsWith('.')) {
        throw new Error(
          `\`${name}\` imports \`${imported}\`, but the zip has no packages: ` +
            'only `node:` modules and own files can be imported',
        );
      }
      names.add(plainName(posix.join(posix.dirname(name), imported)));
    }
  }
  return [...names];
}

/**
 * What a module imports, by statements and by calls with a literal; types in comments are left out.
 *
 * @param {string} source
 * @returns {string[]}
 */
function importsOf(source) {
  const code = source.replace(/^\s*\*.*$|\/\*\*.*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*(['"])(.+?)\1/gm);
  const calls = code.matchAll(/\bimport\((['"])(.+?)\1\)/g);
  return [...statements, ...calls].map((match) => match[2]);
}

/**
 * @param {string | undefined} file
 * @returns {ZipEntry[]} nothing where no key set could be fetched
 */
function pinnedKeySets(file) {
  if (file === undefined) return [];
  const content = readFileSync(file);
  const isEmpty = Object.keys(JSON.parse(content.toString())).length === 0;
  return isEmpty ? [] : [{ name: PINNED_KEY_SETS, content }];
}

/**
 * Files that the configuration names, by the same name in the zip as beside the configuration.
 *
 * @param {string} configurationFile
 * @param {string[]} names
 * @returns {ZipEntry[]}
 */
function filesBeside(configurationFile, names) {
  const folder = dirname(configurationFile);
  return [...new Set(names)].map((name) => {
    const plain = plainName(posix.normalize(name));
    const inside = relative(realpathSync(folder), realpathSync(join(folder, plain)));
    if (inside.split(sep).includes('..')) {
      throw new Error(
        `\`${name}\` is a link out of the configuration's folder; put the file itself there`,
      );
    }
    return entry(folder, plain);
  });
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {ZipEntry}
 */
function programEntry(folder, name) {
  const { content } = entry(folder, name);
  const isJavaScript = /\.m?js$/.test(name);
  return { name: plainName(name), content: isJavaScript ? Buffer.from(withoutComments(content.toString())) : content };
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {ZipEntry}
 */
function entry(folder, name) {
  return { name: plainName(name), content: readFileSync(join(folder, name)) };
}
