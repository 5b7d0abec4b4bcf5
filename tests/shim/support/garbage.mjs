import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Has everything collected that nothing holds any more. */
export async function collectGarbage() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  // What a WebAssembly instance holds goes a round after the instance itself.
  for (let round = 0; round < 5; round += 1) {
    collect();
    await setImmediate();
  }
}
