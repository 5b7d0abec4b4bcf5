import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';

const FOLDER = new URL('../../../examples/images/', import.meta.url);

/**
 * @param {string} name
 * @returns {string} the path of a file of the bundled example
 */
export function exampleFile(name) {
  return fileURLToPath(new URL(name, FOLDER));
}

/**
 * @param {string} name
 * @returns {any} what a JSON file of the bundled example holds
 */
export function exampleJson(name) {
  return JSON.parse(readFileSync(exampleFile(name), 'utf8'));
}

/** @returns {Promise<any>} the example's configuration with its issuer on a port that is free */
export async function configurationOnFreePort() {
  const text = readFileSync(exampleFile('authorizer.json'), 'utf8');
  return JSON.parse(text.replaceAll('127.0.0.1:8081', `127.0.0.1:${await freePort()}`));
}
