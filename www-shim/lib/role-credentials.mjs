/** @typedef {import('../../pkg/edge_authorizer.js').RoleCredentials} RoleCredentials */

/**
 * The credentials of the function's role: Lambda puts them into its environment ("Defined runtime environment variables").
 * They are read for each request, since nothing says that they stay the same.
 *
 * @returns {RoleCredentials}
 */
export function roleCredentials() {
  const env = process.env;
  const expiration = env.AWS_CREDENTIAL_EXPIRATION;
  return {
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
    // What is no date has expired.
    expiresAt: expiration ? Date.parse(expiration) / 1000 || 0 : undefined,
  };
}
