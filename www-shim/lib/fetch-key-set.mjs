// Fetching a key set over the network, with every bound that a broken or hostile server calls for.

/** From the first byte that is sent to the last that is read. A viewer waits this long at most. */
const DEADLINE_MILLISECONDS = 3_000;

/** As many as the core reads (`MAX_SET_BYTES`). */
const MAX_BYTES = 64 * 1024;

/** The time that a fetch has, discovery of the URL included. */
export function deadline() {
  return AbortSignal.timeout(DEADLINE_MILLISECONDS);
}

/**
 * @param {string} url https, or http on loopback: the core has checked it for that
 * @param {AbortSignal} signal of `deadline`
 * @returns {Promise<string>}
 * @throws {Error} that says what went wrong, without the server's words
 */
export async function fetchKeySet(url, signal) {
  // Not needed by most cold starts, and not cheap to load.
  const { get } = url.startsWith('http:') ? await import('node:http') : await import('node:https');
  return new Promise((resolve, reject) => {
    // No agent: a kept connection would not outlive the freezing of the function.
    const request = get(url, { agent: false, signal, headers: { accept: 'application/json' } });
    const fail = (/** @type {string} */ reason) => {
      reject(new Error(reason));
      request.destroy();
    };
    request.on('error', (error) => {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? error.name;
      fail(signal.aborted ? `no key set within ${DEADLINE_MILLISECONDS / 1000} s` : `no connection (${code})`);
    });
    let isAnswered = false;
    // Nothing else tells of a connection that Node.js closes without a response, as after a 101.
    request.on('close', () => {
      if (!isAnswered) fail('no answer');
    });
    request.on('response', (response) => {
      isAnswered = true;
      // Redirects are not followed: the configuration says where the keys are, nobody else does.
      if (response.statusCode !== 200) return fail(`status ${response.statusCode} instead of 200`);
      /** @type {Buffer[]} */
      const chunks = [];
      let bytes = 0;
      response.on('data', (/** @type {Buffer} */ chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) return fail(`more than ${MAX_BYTES} bytes`);
        chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      // After an `end` this does nothing; without one the answer broke off.
      response.on('close', () => fail(signal.aborted ? `no key set within ${DEADLINE_MILLISECONDS / 1000} s` : 'the answer broke off'));
    });
  });
}
