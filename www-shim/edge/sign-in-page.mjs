import { createHash } from 'node:crypto';

/** @typedef {import('./sign-in-provider.mjs').DevelopmentClient} DevelopmentClient */
/** @typedef {{ html: string, policy: string }} Page with its Content-Security-Policy */

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1d22;--dim:#5c6370;--back:#f3f0e8;--card:#fff;--line:#d9d3c4;--accent:#8a4b08}
@media(prefers-color-scheme:dark){:root{--ink:#eceae4;--dim:#a8a498;--back:#1a1814;--card:#262320;--line:#3d3932;--accent:#f0b060}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
p{margin:0 0 1rem;color:var(--dim)}
code{overflow-wrap:anywhere}
.note{font-size:.8rem;font-weight:600;letter-spacing:.04em;text-transform:uppercase;color:var(--accent)}
a{display:block;margin:.6rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card);color:inherit;text-decoration:none}
a:hover{border-color:var(--accent)}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a small{display:block;color:var(--dim);overflow-wrap:anywhere}
a.quiet{background:none;border-style:dashed;color:var(--dim)}
`;

/** Nothing is loaded, and of styles only this one is taken. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Claims that the page need not show: the name says as much. */
const UNSHOWN = ['name', 'email_verified'];

/**
 * @param {DevelopmentClient} client
 * @param {URLSearchParams} parameters of the request, which the answer is to
 * @returns {Page} as whom to sign in
 */
export function choicePage({ clientId, users }, parameters) {
  const links = users.map(({ title, claims }) => {
    const shown = Object.entries(claims).filter(([name]) => !UNSHOWN.includes(name));
    const text = shown.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return link(parameters, 'user', claims.sub, `${escaped(title)}<small>${escaped(text.join(' · '))}</small>`);
  });
  const deny = link(parameters, 'deny', '1', 'Decline', 'quiet');
  return page('Sign in as', `<p>to <code>${escaped(clientId)}</code></p>\n${links.join('')}${deny}`);
}

/**
 * @param {string} mistake
 * @returns {Page} for the developer, who alone comes here
 */
export function mistakePage(mistake) {
  const text = escaped(mistake).replace(/`([^`]*)`/g, '<code>$1</code>');
  return page('This request cannot be answered', `<p>${text}</p>`);
}

/** @returns {Page} */
export function signedOutPage() {
  return page('Signed out', '<p>The session at the provider has ended.</p>');
}

/** @type {(parameters: URLSearchParams, name: string, value: string, html: string, kind?: string) => string} */
function link(parameters, name, value, html, kind = 'user') {
  const query = new URLSearchParams([...parameters, [name, value]]);
  return `<a class="${kind}" href="?${escaped(String(query))}">${html}</a>\n`;
}

/** @type {(title: string, content: string) => Page} */
function page(title, content) {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<p class="note">Development provider: nobody is who they say</p>
<h1>${title}</h1>
${content}
</main>
</html>
`;
  return { html, policy: POLICY };
}

/** @type {(text: string) => string} */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
