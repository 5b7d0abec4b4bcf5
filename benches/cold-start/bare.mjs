// What is always there: Node.js, an event and a handler that does nothing.

export const handler = async (/** @type {any} */ event) => event.Records[0].cf.request;
