#!/usr/bin/env node
import { usesColor } from './cli/color.mjs';
import { main } from './cli/main.mjs';

process.stdout.on('error', (error) => {
  // A reader such as `head` that has seen enough is no failure.
  if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  color: usesColor(process.stdout.isTTY === true, process.env),
});
