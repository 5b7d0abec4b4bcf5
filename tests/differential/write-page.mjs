// Writes docs/divergences.md; a test compares the two.
import { writeFileSync } from 'node:fs';
import { readDivergences, render } from './list.mjs';

writeFileSync(new URL('../../docs/divergences.md', import.meta.url), render(readDivergences()));
