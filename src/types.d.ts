/** A header as CloudFront writes it: an entry for each header line, under the name in lower case. */
export type CloudFrontHeaders = Record<string, { key?: string; value: string }[]>;

/** `event.Records[0].cf.request` of a viewer-request event ("Lambda@Edge event structure" in the CloudFront Developer Guide). */
export interface CloudFrontRequest {
  method: string;
  uri: string;
  querystring: string;
  headers: CloudFrontHeaders;
  clientIp?: string;
  /** With "Include Body". */
  body?: { action?: string; data: string; encoding: string; inputTruncated?: boolean };
  /** At origin-request: where the request goes. */
  origin?: CloudFrontOrigin;
}

export interface CloudFrontOrigin {
  custom?: { domainName: string; path: string; port: number; protocol: string };
  s3?: { domainName: string; path: string; authMethod: string };
}

/** A generated response. `status` is a string of three digits. */
export interface CloudFrontResponse {
  status: string;
  statusDescription: string;
  headers: CloudFrontHeaders;
  /** Left out where the status allows none. */
  body?: string;
  bodyEncoding?: 'base64';
}

/** What the host has and the module has not. */
export interface Host {
  /** Signs a text with the private key that the configuration names at this place: RSASSA-PKCS1-v1_5, or ECDSA in DER. */
  sign(key: string, hash: 'sha1' | 'sha256', text: string): Uint8Array;
  /** The credentials of the function's role, as they stand in its environment. */
  roleCredentials(): RoleCredentials;
}

/** Who took part in a decision, for the log. */
export interface DecisionContext {
  /** The name of the rule that matched. */
  rule: string | null;
  /** The name of the provider whose token it was. */
  provider: string | null;
  /** The `kid` of the token, as the viewer wrote it. */
  kid: string | null;
}

/** The request may pass: it was edited in place. */
export interface ForwardOutcome extends DecisionContext {
  kind: 'forward';
  code: string;
  /** What `forward.claimToContext` names; left out where that is nothing. */
  claims?: Record<string, string>;
}

/** The viewer gets `response` instead. */
export interface RespondOutcome extends DecisionContext {
  kind: 'respond';
  code: string;
  status: number;
  /** One sentence for the log. */
  detail: string;
  response: CloudFrontResponse;
}

/** Keys are missing: fetch them, hand them over with `setKeySet`, ask again. */
export interface KeysNeededOutcome {
  kind: 'keys-needed';
  provider: string;
  /** The token's `kid` where the provider has keys, but none with this one. */
  kid: string | null;
}

/** A secret is missing: send the `secretRequest` for it, hand it over with `setSecret`, ask again. */
export interface SecretNeededOutcome {
  kind: 'secret-needed';
  /** Its place in the configuration. */
  secret: string;
}

/** It is for the sign-in to go on: ask `signIn`. */
export interface SignInOutcome {
  kind: 'sign-in';
}

export type Outcome = ForwardOutcome | RespondOutcome | KeysNeededOutcome | SecretNeededOutcome | SignInOutcome;

/** What comes of a step of the sign-in. */
export type SignInStepOutcome = Outcome | ProviderNeededOutcome;

/** The provider has to be asked something: do so, and ask again with the answer. */
export interface ProviderNeededOutcome extends FetchNeededOutcome {
  /** What it is for: to be handed over with the answer. */
  purpose: string;
}

/** What the host has to send, as it is. The headers may carry a signature or a secret: they are not to be logged. */
export interface FetchRequest {
  method: string;
  /** https, or http on loopback. */
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The credentials of the function's role, from its environment. */
export interface RoleCredentials {
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  /** In seconds since 1970, where it is known. */
  expiresAt?: number;
}

/** The answer to a `FetchRequest`. */
export interface FetchedResponse {
  /** 0 where there was no answer in time, or one too long. */
  status: number;
  /** Names in lower case. */
  headers: [name: string, value: string][];
  /** In base64. */
  body: string;
}

/** Something has to be fetched: do so, and ask again with the answer. */
export interface FetchNeededOutcome {
  kind: 'fetch-needed';
  request: FetchRequest;
}

/** What signing reads of an origin-request event, and of what is around it. */
export interface OriginFacts {
  request: CloudFrontRequest;
  /** `event.Records[0].cf.config.requestId` */
  requestId: string;
  /** The answer to what a `FetchNeededOutcome` for this request asked for. */
  fetched?: FetchedResponse;
}

/** What becomes of an origin-request event. */
export type OriginOutcome = ForwardOutcome | RespondOutcome | FetchNeededOutcome;

export interface ProviderKeys {
  name: string;
  /** Where to fetch its key set. */
  jwksUri: string | null;
  /** Where to fetch the document that names its key set, for `discoveredJwksUri`. */
  discoveryUri: string | null;
  /** How long a fetched key set is good. */
  jwksMaxAgeSeconds: number;
  /** How much longer, if the provider cannot be reached. */
  jwksStaleIfErrorSeconds: number;
  /** Whether it has keys already. */
  hasKeys: boolean;
}

/** A secret that the configuration names by a reference. */
export interface NamedSecret {
  /** Its place in the configuration: `providers.partner.secret`. */
  name: string;
  /** The host uses it itself, and does not hand it over. */
  isForHost: boolean;
  /** The file that it is in, relative to the configuration; null where it is elsewhere. */
  file: string | null;
  /** It lies with a service, for which there is a `secretRequest`. */
  remote: {
    /** The member of the secret's JSON that is meant; null where it is the whole text. */
    key: string | null;
    /** How long a fetched value is good. */
    maxAgeSeconds: number;
    /** How much longer, if the service cannot be reached. */
    staleIfErrorSeconds: number;
  } | null;
}

/** An HTML page for refusals with this status, in a file whose name is relative to the configuration. */
export interface NamedPage {
  status: number;
  file: string;
}

export interface KeySetReport {
  /** How many keys can be used. */
  keys: number;
  /** The keys that cannot, and why. */
  skipped: { kid: string | null; reason: string }[];
}

export type LogLevel = 'error' | 'info' | 'debug';
