/** @typedef {import('./types.d.ts').Command} Command */

/**
 * @param {Record<string, Command>} commands
 * @returns {string}
 */
export function overview(commands) {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`);
  return [
    'edge-authorizer <command> [options]',
    '',
    ...lines,
    '  help      this text, or `help <command>` for its options',
    '  --version the version of this package',
    '',
    'exit codes: 0 done, 1 failed, 2 the command line was not understood',
    '',
  ].join('\n');
}

/**
 * @param {string} name
 * @param {Command} command
 * @returns {string}
 */
export function commandHelp(name, { about, usage, options }) {
  const rows = Object.entries(options).map(([option, { value, help }]) => {
    const left = value === undefined ? `--${option}` : `--${option} ${value}`;
    return `  ${left.padEnd(24)} ${help}`;
  });
  const uses = usage.map((line) => `  edge-authorizer ${name} ${line}`);
  return [`${name}: ${about}`, '', ...uses, '', ...rows, ''].join('\n');
}
