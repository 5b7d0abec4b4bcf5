/**
 * The lines of a file of JSON lines. Only a line feed ends a line: `node:readline` would also
 * split at U+2028 and U+2029, which may stand in a JSON string.
 *
 * @param {AsyncIterable<Buffer>} chunks
 * @returns {AsyncGenerator<{ number: number, text: string }>} without blank lines
 */
export async function* jsonLines(chunks) {
  const decoder = new TextDecoder();
  let number = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      number += 1;
      if (text.trim() !== '') yield { number, text };
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield { number: number + 1, text: rest };
}
