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
  milliseconds: number | null;
}

/** What the local edge tells of a request. What has a `null` is not known of it. */
export interface RequestRecord {
  time: Date;
  method: string;
  /** As the viewer sent it, with `?…` for a query. */
  path: string;
  status: number;
  code: string | null;
  rule: string | null;
  cache: 'hit' | 'miss' | null;
  /** How long the decision took. */
  microseconds: number | null;
}

/** What the local edge has done since it started. */
export interface ActivityReport {
  since: Date;
  requests: number;
  /** The most frequent first; the time is the median. */
  decisions: { code: string; count: number; microseconds: number | null }[];
  hits: number;
  misses: number;
  /** The latest first. */
  latest: RequestRecord[];
}

export interface KeySetStatus {
  provider: string;
  /** Where it comes from, in words or as a URL. */
  from: string;
  keys: number | null;
  /** `null` where it was not fetched. */
  ageSeconds: number | null;
  trustedUntil: Date | null;
  /** Why it could not be fetched the last time. */
  problem: string | null;
}

/** What the status page shows. */
export interface StatusReport extends Omit<ActivityReport, 'hits' | 'misses'> {
  keySets: KeySetStatus[];
  /** `objects` and `bytes` are `null` where there is no cache. */
  cache: { hits: number; misses: number; objects: number | null; bytes: number | null };
}
