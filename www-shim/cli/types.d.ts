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
