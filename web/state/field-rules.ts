/** Checks of fields before a form is sent. The server checks again, with the same codes. */
import { parseEmail } from "../../shared/email.ts";
import type { FieldCode, FieldName } from "../../shared/http-api.ts";
import {
  NICKNAME_CHARS,
  NICKNAME_MIN,
  PASSWORD_MAX,
  PASSWORD_MIN,
  REASON_CHARS,
  ROOM_NAME,
  TITLE_CHARS,
} from "../../shared/limits.ts";
import { graphemes } from "../../shared/text.ts";
import type { FieldProblem } from "../words/sentences.ts";

export type FieldProblems = Partial<Record<FieldName, FieldProblem>>;
export type FieldValues = Partial<Record<FieldName, string>>;

type Rule = (value: string) => FieldCode | undefined;

const upTo =
  (max: number): Rule =>
  (value) =>
    graphemes(value.trim()) > max ? "too_long" : undefined;

const password: Rule = (value) => {
  const length = graphemes(value);
  if (length < PASSWORD_MIN) return "too_short";
  return length > PASSWORD_MAX ? "too_long" : undefined;
};

const RULES: Record<FieldName, Rule> = {
  email: (value) => {
    const parsed = parseEmail(value);
    return parsed.ok ? undefined : parsed.code;
  },
  password,
  current: password,
  next: password,
  nickname: (value) => (graphemes(value.trim()) < NICKNAME_MIN ? "too_short" : upTo(NICKNAME_CHARS)(value)),
  name: (value) => (ROOM_NAME.test(value) ? undefined : "bad_format"),
  title: upTo(TITLE_CHARS),
  reason: upTo(REASON_CHARS),
};

/** The first problem of each given field. `exempt`: fields that only have to be filled in. */
export function checkFields(values: FieldValues, exempt: readonly FieldName[] = []): FieldProblems {
  const problems: FieldProblems = {};
  for (const name of FIELD_NAMES) {
    const value = values[name];
    if (value === undefined || (value.trim() === "" && name === "reason")) continue;
    const problem = value.trim() === "" ? "missing" : exempt.includes(name) ? undefined : RULES[name](value);
    if (problem) problems[name] = problem;
  }
  return problems;
}

const FIELD_NAMES = Object.keys(RULES) as FieldName[];
