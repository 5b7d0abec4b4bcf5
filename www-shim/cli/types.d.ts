/** Where a command writes to. */
export interface Io {
  out: (text: string) => void;
  err: (text: string) => void;
  color: boolean;
}

export interface Option {
  type: 'string' | 'boolean';
  /** What stands for the value in the help; only for strings. */
  value?: string;
  help: string;
  required?: boolean;
}

/** What the user gave, by option name. */
export type Values = Record<string, string | boolean | undefined>;

export interface Command {
  usage: string[];
  about: string;
  options: Record<string, Option>;
  /** Answers the exit code. */
  run: (values: any, io: Io) => Promise<number> | number;
}

/** A decision, as `explain` prints it. */
export interface Verdict {
  decision: 'forward' | 'respond';
  status: number | null;
  code: string;
  rule: string | null;
  detail: string | null;
  /** The whole answer to the platform: edited request or generated response. */
  result: unknown;
}

/** A statement of an IAM policy that allows. */
export interface Permission {
  actions: string[];
  /** ARNs; null where the configuration does not say of what. */
  resources: string[] | null;
}

/** What a configuration asks of its distribution, in CloudFront's words. */
export interface DistributionNeeds {
  authorization: 'on' | 'off';
  /** What a cache behavior allows: one of the three sets that there are. */
  allowedMethods: string[];
  /** Where the function has to be called at origin-request as well, to sign: for which service, and whether with the body. */
  originRequest: { service: string; region: string | null; includeBody: boolean; generatesFrames: boolean } | null;
  /** Names in order. All of the query is in the key, except for these parameters. */
  cacheKey: { headers: string[]; cookies: string[]; queryStringsExcept: string[] };
  /** Whether the origin gets all of the query, also what is not in the cache key. */
  forwardsWholeQuery: boolean;
  /** For a response headers policy; null where scripts of other origins read nothing. */
  cors: {
    allowOrigins: string[];
    allowMethods: string[];
    allowHeaders: string[];
    exposeHeaders: string[];
    allowCredentials: boolean;
    maxAgeSeconds?: number;
  } | null;
  /** The public keys in CloudFront that signed cookies and URLs are checked with, and the path patterns that they open. */
  signedCookies: { keyPairId: string; paths: string[] }[];
  /** The path patterns at which the function answers itself: no behavior that does not call it may take these requests. */
  answersAt: string[];
  /** What the role of the function may do besides writing its log. */
  permissions: Permission[];
  /** Whose keys have an age in the metrics, and when they are too old; null where there are no metrics. */
  metrics: { keySets: { provider: string; maxAgeSeconds: number }[] } | null;
}
