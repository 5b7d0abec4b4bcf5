import { createHandler, type CloudFrontEvent, type Handler, type HandlerOptions } from 'edge-authorizer';

const options: HandlerOptions = {
  configText: '{}',
  configFolder: new URL('file:///var/task/'),
  pinned: { staff: { jwks: { keys: [] }, fetchedAt: 1_700_000_000 } },
};
export const handler: Handler = createHandler(options);

export async function decide(event: CloudFrontEvent): Promise<string> {
  const result = await handler(event, {});
  return 'status' in result ? result.status : result.uri;
}

export async function isAuthorized(routeArn: string): Promise<boolean> {
  const answer = await handler({ version: '2.0', routeArn });
  return answer.isAuthorized;
}
