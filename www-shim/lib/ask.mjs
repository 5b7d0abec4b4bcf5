// Sending one request over the network, with every bound that a broken or hostile server calls for.

/**
 * @typedef {object} Request
 * @property {string} url https, or http on loopback: the core has checked it for that
 * @property {string} [method] GET if left out
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 */

/**
 * @typedef {object} Limits
 * @property {Deadline} deadline
 * @property {number} maxBytes of the answer's body
 * @property {number} [onlyStatus] any other is an error, and its body is not read
 */

/** @typedef {{ signal: AbortSignal, seconds: number }} Deadline from the first byte that is sent to the last that is read */
/** @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }} Answer */

/** @type {(seconds: number) => Deadline} */
export function deadlineIn(seconds) {
  return { signal: AbortSignal.timeout(seconds * 1000), seconds };
}

/**
 * Sends a request and reads the answer. Redirects are not followed: the configuration says where to ask, nobody else does.
 *
 * @param {Request} request
 * @param {Limits} limits
 * @returns {Promise<Answer>}
 * @throws {Error} that says what went wrong, without the server's words
 */
export async function ask({ url, method, headers, body }, { deadline: { signal, seconds }, maxBytes, onlyStatus }) {
  // Not needed by most cold starts, and not cheap to load.
  const { request: send } = url.startsWith('http:') ? await import('node:http') : await import('node:https');
  return new Promise((resolve, reject) => {
    // No agent: a kept connection would not outlive the freezing of the function.
    const request = send(url, { agent: false, signal, method, headers });
    const fail = (/** @type {string} */ reason) => {
      reject(new Error(signal.aborted ? `no answer within ${seconds} s` : reason));
      request.destroy();
    };
    request.on('error', (error) => {
      fail(`no connection (${/** @type {NodeJS.ErrnoException} */ (error).code ?? error.name})`);
    });
    let isAnswered = false;
    // Nothing else tells of a connection that Node.js closes without a response, as after a 101.
    request.on('close', () => {
      if (!isAnswered) fail('no answer');
    });
    request.on('response', (response) => {
      isAnswered = true;
      const status = response.statusCode ?? 0;
      if (onlyStatus !== undefined && status !== onlyStatus) return fail(`status ${status} instead of ${onlyStatus}`);
      /** @type {Buffer[]} */
      const chunks = [];
      let bytes = 0;
      response.on('data', (/** @type {Buffer} */ chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) return fail(`more than ${maxBytes} bytes`);
        chunks.push(chunk);
      });
      response.on('end', () => resolve({ status, headers: response.headers, body: Buffer.concat(chunks) }));
      // After an `end` this does nothing; without one the answer broke off.
      response.on('close', () => fail('the answer broke off'));
    });
    request.end(body);
  });
}
