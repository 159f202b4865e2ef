/** Values for the fuzzer, by the schemas of the contract: valid ones, at or beyond a bound, and of other types. */
import fc from "fast-check";
import type { TSchema } from "typebox";

/** The parts of a JSON schema that the contract's schemas use. */
type Schema = {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
};

const BITS = [31, 32, 53, 63, 64].map((power) => 2n ** BigInt(power));
/** Numbers as texts: bounds, their neighbours, and other spellings. */
const NUMBER_TEXTS = [
  ...[
    "0",
    "00",
    "-0",
    "1",
    "01",
    "-1",
    "+1",
    "1e2",
    "0x10",
    "0b1",
    "1.5",
    ".5",
    "NaN",
    "Infinity",
    "١",
    "１",
  ],
  ...BITS.flatMap((bound) => [bound - 1n, bound, bound + 1n].map(String)),
  "9".repeat(400),
];
/** Unusual numbers that JSON can express. */
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e2,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  1e21,
];
const PROPERTIES = ["constructor", "__proto__", "toString", "hasOwnProperty", "prototype", "length", "then"];
const TEXTS = [
  ...["", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "\r\n", "%", "%00", "%ff", "%zz"],
  ...[
    "a{b}:c",
    "../x",
    "..%2f",
    "*",
    "?",
    "#",
    "'; drop table users; --",
    "null",
    "undefined",
    "[object Object]",
  ],
  ...["a".repeat(5_000), "한".repeat(2_000), "👩‍👩‍👧‍👦".repeat(200), "e\u0301".repeat(500)],
];

/** Tried once each, because a generator may take long to reach them. */
export const ODD_TEXTS: readonly string[] = [...NUMBER_TEXTS, ...PROPERTIES, ...TEXTS];
export const ODD_VALUES: readonly unknown[] = [...ODD_TEXTS, ...NUMBERS, null, true, [], {}, [[]], [null]];

export const oddTexts = fc.oneof(
  fc.constantFrom(...NUMBER_TEXTS),
  fc.constantFrom(...PROPERTIES),
  fc.constantFrom(...TEXTS),
  fc.string({ unit: "binary", maxLength: 80 }),
);
const oddValues = fc.oneof(oddTexts, fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 3 }));
/** Additional fields that no schema has. */
const extras = fc.dictionary(
  fc.oneof(fc.constantFrom(...PROPERTIES), fc.string({ maxLength: 8 })),
  oddValues,
  {
    maxKeys: 2,
  },
);

const integers = ({ minimum = -1, maximum = 2 ** 53 }: Schema): fc.Arbitrary<number> => {
  const min = Math.max(minimum, -1_000);
  return fc.oneof(
    fc.constantFrom(...[minimum, maximum].flatMap((bound) => [bound - 1, bound, bound + 1])),
    fc.integer({ min, max: Math.max(min, Math.min(maximum, 1_000)) }),
  );
};
const texts = ({ pattern, maxLength = 40 }: Schema): fc.Arbitrary<string> =>
  fc.oneof(
    pattern === undefined
      ? fc.string({ unit: "grapheme", maxLength: 40 })
      : fc.stringMatching(new RegExp(pattern)),
    fc.constantFrom(maxLength, maxLength + 1).map((length) => "x".repeat(length)),
  );

/** Values that satisfy the schema, or almost do. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting));
  switch (schema.type) {
    case "integer":
    case "number":
      return integers(schema);
    case "string":
      return texts(schema);
    case "object":
      return objects(schema);
    default:
      return fc.constant(null);
  }
}

function objects({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = fc.oneof({ weight: 3, arbitrary: fitting(schema) }, { weight: 1, arbitrary: oddValues });
    // Required fields are missing now and then.
    const always = required.includes(name) ? { freq: 12 } : { freq: 2 };
    return [name, fc.option(value, { ...always, nil: undefined })] as const;
  });
  return fc
    .tuple(fc.record(Object.fromEntries(fields)), fc.option(extras, { freq: 2, nil: {} }))
    .map(([value, extra]) => ({ ...extra, ...value }));
}

/** Objects of the schema: most fields are valid, some are at a bound, missing, odd or additional. */
export const nearly = (schema: TSchema): fc.Arbitrary<Record<string, unknown>> => objects(schema as Schema);
