// The shapes of Lambda@Edge's viewer-request event and of what a function may answer.
// Source: Amazon CloudFront Developer Guide, "Lambda@Edge event structure".

export interface CloudFrontHeader {
  key?: string;
  value: string;
}

/** Lower-case header name → its values, one entry for each time the header was sent. */
export type CloudFrontHeaders = Record<string, CloudFrontHeader[]>;

export interface CloudFrontRequest {
  clientIp: string;
  method: string;
  uri: string;
  querystring: string;
  headers: CloudFrontHeaders;
}

export interface CloudFrontResponse {
  status: string | number;
  statusDescription?: string;
  headers?: CloudFrontHeaders;
  body?: string;
  bodyEncoding?: 'text' | 'base64';
}

export interface ViewerRequestEvent {
  Records: {
    cf: {
      config: {
        distributionDomainName: string;
        distributionId: string;
        eventType: 'viewer-request';
        requestId: string;
      };
      request: CloudFrontRequest;
    };
  }[];
}

/** A Lambda handler; what it answers is unknown until it has been validated. */
export type Handler = (event: ViewerRequestEvent, context: object) => unknown;

/** What an origin is asked for: the viewer's request as the handler returned it. */
export interface OriginRequest {
  method: string;
  uri: string;
  querystring: string;
  headers: CloudFrontHeaders;
  body: import('node:stream').Readable | null;
}

/** Header names are lower-case. */
export interface OriginResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: import('node:stream').Readable | Buffer | string | null;
}

export type Origin = (request: OriginRequest) => Promise<OriginResponse>;

/** What the handler's own log said of a request. */
export interface DecisionNote {
  code: string | null;
  rule: string | null;
}
