/** One line of a record of how a decision came about. */
export interface TraceStep {
  depth: number;
  outcome: 'met' | 'unmet' | 'skipped' | 'info';
  text: string;
}

export type ExplainedOutcome = (ForwardOutcome | RespondOutcome) & { trace: TraceStep[] };

/** Something wrong, or doubtful, in a configuration. */
export interface Problem {
  /** Where: `rules[2].match.path`; empty for the file as a whole. */
  place: string;
  line: number | null;
  column: number | null;
  message: string;
}

export interface CheckReport {
  errors: Problem[];
  warnings: Problem[];
}
