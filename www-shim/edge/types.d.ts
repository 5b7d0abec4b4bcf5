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
  /** At origin-request, with Include Body. */
  body?: { action: 'read-only' | 'replace'; encoding: string; data: string; inputTruncated: boolean };
  /** At origin-request. */
  origin?: { custom: CustomOrigin };
}

export interface CustomOrigin {
  customHeaders: CloudFrontHeaders;
  domainName: string;
  keepaliveTimeout: number;
  /** Empty, or `/path`. */
  path: string;
  port: number;
  protocol: 'http' | 'https';
  readTimeout: number;
  sslProtocols: string[];
}

export interface CloudFrontResponse {
  status: string | number;
  statusDescription?: string;
  headers?: CloudFrontHeaders;
  body?: string;
  bodyEncoding?: 'text' | 'base64';
}

/** A viewer-request or origin-request event; what only one of them has is optional. */
export interface FunctionEvent {
  Records: {
    cf: {
      config: {
        distributionDomainName: string;
        distributionId: string;
        eventType: 'viewer-request' | 'origin-request';
        requestId: string;
      };
      request: CloudFrontRequest;
    };
  }[];
}

/** A Lambda handler; what it answers is unknown until it has been validated. */
export type Handler = (event: FunctionEvent, context: object) => unknown;

/** What an origin is asked for: the viewer's request as the handler returned it. */
export interface OriginRequest {
  method: string;
  uri: string;
  querystring: string;
  headers: CloudFrontHeaders;
  body: import('node:stream').Readable | Buffer | null;
  clientIp: string;
  /** CloudFront's id of the viewer's request. */
  requestId: string;
}

/** Header names are lower-case. */
export interface OriginResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: import('node:stream').Readable | Buffer | string | null;
}

export interface Origin {
  (request: OriginRequest): Promise<OriginResponse>;
  /** What an origin-request event says of it; absent where the origin is a folder. */
  described?: CustomOrigin;
}

/** What the handler's own log said of a request. */
export interface DecisionNote {
  code: string | null;
  rule: string | null;
}
