// The types of the npm package. Packing puts those of src/types.d.ts into the same file.

import type { CloudFrontRequest, CloudFrontResponse } from '../src/types.d.ts';

/** An event of CloudFront ("Lambda@Edge event structure" in the CloudFront Developer Guide). */
export interface CloudFrontEvent {
  Records: {
    cf: {
      config: {
        eventType: string;
        distributionDomainName?: string;
        distributionId?: string;
        requestId?: string;
      };
      request: CloudFrontRequest;
    };
  }[];
}

/** A key set that `edge-authorizer pin` fetched. */
export interface PinnedKeySet {
  /** Where it was fetched: it is not used for another URL. */
  jwksUri?: string;
  /** A JWK Set (RFC 7517, section 5). */
  jwks: unknown;
  /** When it was fetched, in seconds since 1970. */
  fetchedAt?: number;
}

export interface HandlerOptions {
  /** The text of `authorizer.json`. */
  configText: string;
  /** The folder that the files which it names are relative to: a path, or a `file:` URL that ends in `/`. */
  configFolder: string | URL;
  /** Takes each line of the log; `console.log` unless given. */
  write?: (line: string) => void;
  /** The time in seconds since 1970; the clock unless given. */
  now?: () => number;
  /** Key sets by the name of the provider, from when the function was packed. */
  pinned?: Record<string, PinnedKeySet>;
}

/** An event of a Lambda authorizer of an HTTP API, payload format 2.0. */
export interface HttpApiAuthorizerEvent {
  version: '2.0';
  routeArn: string;
}

/** An event of a Lambda authorizer of a REST API. */
export interface RestApiAuthorizerEvent {
  type: 'REQUEST' | 'TOKEN';
  methodArn: string;
}

/** An event of the authorizer of AWS HealthImaging's DICOMweb endpoint. */
export interface DicomWebAuthorizerEvent {
  datastoreId: string;
  operation: string;
  bearerToken: string;
}

/** What Lambda calls. The function knows by the event who calls. */
export interface Handler {
  /** CloudFront, viewer-request: the edited request if it may pass, and a response if not. Never rejects. */
  (event: CloudFrontEvent, context?: unknown): Promise<CloudFrontRequest | CloudFrontResponse>;
  /** Rejects where API Gateway is to answer 500. */
  (event: HttpApiAuthorizerEvent, context?: unknown): Promise<{ isAuthorized: boolean; context?: Record<string, string> }>;
  /** Rejects where API Gateway is to answer 401 or 500. */
  (event: RestApiAuthorizerEvent, context?: unknown): Promise<{
    principalId: string;
    policyDocument: object;
    context?: Record<string, string>;
  }>;
  (event: DicomWebAuthorizerEvent, context?: unknown): Promise<{ isTokenValid: boolean; roleArn?: string }>;
}

/**
 * Makes the handler. It never throws: where the configuration is wrong, the log says so, and every request
 * is answered with 503. `edge-authorizer check` tells beforehand.
 */
export function createHandler(options: HandlerOptions): Handler;
