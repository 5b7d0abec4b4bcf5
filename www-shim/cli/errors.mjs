/** The command line itself is wrong: exit code 2. Every other error is exit code 1. */
export class UsageError extends Error {}
